import type { AreaGeometry, Coordinates, Ring } from "../api/features";

/** How many heights of an area are tried for its label. */
const N_LINES = 9;

/** Where a label has room, and how much: degrees of longitude. */
export type LabelRoom = { at: Coordinates; width: number };

/**
 * Gives the place inside an area where its label has room: the middle of the widest stretch, over several heights of
 * its largest part. Where names stand, not where anything is measured.
 */
export function labelRoom(geometry: AreaGeometry): LabelRoom {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const largest = polygons.reduce((best, one) => (extent(one[0]) > extent(best[0]) ? one : best), polygons[0] ?? []);
  const outer = largest[0] ?? [];
  const [south, north] = span(outer, 1);
  let best: LabelRoom = { at: outer[0] ?? [0, 0], width: 0 };
  for (let n = 1; n <= N_LINES; n++) {
    const lat = south + ((north - south) * n) / (N_LINES + 1);
    const crossings = largest.flatMap((ring) => crossingsAt(ring, lat)).sort((a, b) => a - b);
    // Near the middle a stretch may be a little narrower and still look better.
    const weight = 1 - Math.abs(2 * n - N_LINES - 1) / (N_LINES + 1) / 2;
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const [west = 0, east = 0] = crossings.slice(k, k + 2);
      const width = (east - west) * weight;
      if (width > best.width) best = { width, at: [(west + east) / 2, lat] };
    }
  }
  return best;
}

function crossingsAt(ring: Ring, lat: number): number[] {
  const crossings: number[] = [];
  for (let n = 1; n < ring.length; n++) {
    const [a, b] = [ring[n - 1], ring[n]];
    if (a && b && a[1] > lat !== b[1] > lat) crossings.push(a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
  }
  return crossings;
}

function span(ring: Ring, axis: 0 | 1): [number, number] {
  const values = ring.map((position) => position[axis]);
  return [Math.min(...values), Math.max(...values)];
}

function extent(ring: Ring | undefined): number {
  if (!ring) return -1;
  const [[west, east], [south, north]] = [span(ring, 0), span(ring, 1)];
  return (east - west) * (north - south);
}
