import type { Coordinates, Ring } from "../api/features";

const METRES_PER_DEGREE = (6_371_008.8 * Math.PI) / 180;
const CORNERS = 72;

/** A circle on the ground, as a ring: it keeps its metres at every zoom. */
export function circle({ lon, lat }: { lon: number; lat: number }, radiusM: number): Ring {
  const north = radiusM / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: CORNERS + 1 }, (_, n): Coordinates => {
    const turn = (2 * Math.PI * (n % CORNERS)) / CORNERS;
    return [lon + east * Math.cos(turn), lat + north * Math.sin(turn)];
  });
}
