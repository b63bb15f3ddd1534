/** What is drawn on the map: plain functions that take the map and fill one source each. */
import type { GeoJSONSource, Map as MapLibre, PaddingOptions } from "maplibre-gl";
import type { AreaGeometry, Coordinates } from "../api/features";
import type { Grid } from "../api/grids";
import { labelOf } from "../state/names";
import { palettes } from "../state/palette";
import type { Goal } from "../state/places";
import { isLow, isNarrow } from "../state/screen";
import { theme } from "../state/theme";
import { type LabelRoom, labelRoom } from "./labels";
import { addLayers, layersOf } from "./order";
import { DEGREES_OPACITY, MAX_ZOOM, type SourceName } from "./style";

type GeoJSONCollection = Exclude<Parameters<GeoJSONSource["setData"]>[0], string>;
export type Feature = { type: "Feature"; geometry: object; properties: Record<string, string | number | null> };

/** Crosses out all of a place: what no area then covers stays so. */
export function showGround(map: MapLibre, geometry: AreaGeometry | null): void {
  fill(map, "ground", geometry ? [{ type: "Feature", geometry, properties: {} }] : []);
}

/** Shows the lines of the levels above the areas; `levels` from the one right above upwards. */
export function showOutlines(map: MapLibre, levels: readonly (readonly Grid[])[]): void {
  const features = levels.flatMap((grids, n) =>
    grids.map(({ geometry }): Feature => ({ type: "Feature", geometry, properties: { rank: n + 1 } })),
  );
  fill(map, "outlines", features);
}

/** The room that one character of a name asks for, with some air. */
const LABEL_PX = 16;

/** From which zoom so many characters fit into a width in degrees of longitude. */
export function zoomOfWidth(width: number, nChars: number): number {
  return Math.log2((nChars * LABEL_PX * 360) / (512 * Math.max(width, 1e-6)));
}

/** For how many zooms the name of an area above is shown: beyond, it would stand amid its own parts. */
const LABEL_ZOOMS = 2;

/** Label rooms are worked out once for each grid as it came from the server. */
const rooms = new WeakMap<Grid, LabelRoom>();

function roomOf(grid: Grid): LabelRoom {
  const known = rooms.get(grid);
  if (known) return known;
  const room = labelRoom(grid.geometry);
  rooms.set(grid, room);
  return room;
}

/**
 * Shows names: those of the areas, and of the levels above while these are small on the screen.
 *
 * `levels` starts with the areas themselves, under whose names `values` writes theirs. A name shows from the zoom at
 * which its area is wide enough for it.
 */
export function showLabels(
  map: MapLibre,
  levels: readonly (readonly Grid[])[],
  values: ReadonlyMap<string, string>,
): void {
  const names = new Map(levels.flat().map((grid) => [grid.code, grid.name]));
  const features = levels.flatMap((grids, rank) =>
    grids.map((grid): Feature => {
      const { at, width } = roomOf(grid);
      const label = labelOf(grid, names.get(grid.parent ?? "") ?? null);
      const from = zoomOfWidth(width, [...label].length);
      const to = rank === 0 ? MAX_ZOOM : from + LABEL_ZOOMS;
      const value = rank === 0 ? values.get(grid.code) : undefined;
      const name = value === undefined ? label : `${label}\n${value}`;
      return { type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { name, rank, from, to } };
    }),
  );
  fill(map, "labels", features);
}

/** A circle over an area that is too small for its colour to be seen. */
export type Circle = { grid: Grid; radius: number; colour: string };

/** Shows circles, each up to the zoom at which its area is as wide; the greatest lie below, so that none hides another. */
export function showCircles(map: MapLibre, circles: readonly Circle[]): void {
  const features = circles.map(({ grid, radius, colour }): Feature => {
    const { at, width } = roomOf(grid);
    const to = Math.log2((2 * radius * 360) / (512 * Math.max(width, 1e-6)));
    return { ...point(at), properties: { code: grid.code, name: grid.name, radius, colour, to } };
  });
  fill(map, "circles", features);
}

/** Shows where reports gather, each place with how many; none hides the surface. */
export function showReports(map: MapLibre, reports: readonly { at: Coordinates; n: number }[]): void {
  fill(
    map,
    "reports",
    reports.map(({ at, n }) => ({ ...point(at), properties: { n } })),
  );
}

/** Rings points that stand for "somewhere here". */
export function showFallbacks(map: MapLibre, places: readonly Coordinates[]): void {
  fill(map, "fallback", places.map(point));
}

/** Outlines the area under the pointer, or none. */
export function showHover(map: MapLibre, geometry: AreaGeometry | null): void {
  fill(map, "hover", geometry ? [{ type: "Feature", geometry, properties: {} }] : []);
}

/** Rings areas. */
export function showSelection(map: MapLibre, areas: readonly AreaGeometry[]): void {
  fill(
    map,
    "selection",
    areas.map((geometry) => ({ type: "Feature", geometry, properties: {} })),
  );
}

/** West, south, east, north in degrees. */
export type Box = [number, number, number, number];

/** Frames a box, clear of what floats over the map. */
export function frame(map: MapLibre, box: Box, animate: boolean): void {
  map.fitBounds(box, { ...fitting(map.getContainer()), animate });
}

/** Goes to an area; to a place, as near as all of the area around it is still seen; or back to where it was. */
export function goTo(map: MapLibre, to: Goal): void {
  if ("camera" in to) {
    if (to.camera) map.easeTo({ center: [to.camera.lon, to.camera.lat], zoom: to.camera.zoom });
    return;
  }
  const { area, at } = to;
  const box = area && boxOf(area);
  if (!at) box && frame(map, box, true);
  else if (!box) map.easeTo({ center: at });
  else {
    const [east, north] = [Math.max(at.lon - box[0], box[2] - at.lon), Math.max(at.lat - box[1], box[3] - at.lat)];
    frame(map, [at.lon - east, at.lat - north, at.lon + east, at.lat + north], true);
  }
}

export function fitting(container: HTMLElement): { padding: PaddingOptions; maxZoom: number } {
  return { padding: clear(container), maxZoom: MAX_ZOOM - 2 };
}

/** What floats over a map: where there is little room, a folded legend at its foot. */
function clear({ clientWidth, clientHeight }: HTMLElement): PaddingOptions {
  if (isLow.peek()) {
    const [top, bottom] = clientHeight < 200 ? [38, 54] : [56, 60];
    return { top, bottom, left: 16, right: isNarrow ? 16 : 60 };
  }
  if (clientWidth < 600) return { top: 60, right: 16, bottom: 100, left: 16 };
  return { top: 64, right: 40, bottom: 40, left: 40 };
}

export function boxOf(geometry: AreaGeometry): Box {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  const box: Box = [180, 90, -180, -90];
  for (const [lon, lat] of rings.flat()) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** Shows the lines of the globe in sight, with their degrees along the right and lower edge of the map. */
export function showGraticule(map: MapLibre): void {
  const bounds = map.getBounds();
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const step = GRATICULE_STEPS.find((one) => (east - west) / one >= 3) ?? 0.01;
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const edge = map.unproject([map.getContainer().clientWidth - 6, map.getContainer().clientHeight - 5]);
  const features: Feature[] = [];
  for (const lon of multiples(step, west, east)) {
    features.push(line([lon, south], [lon, north]));
    features.push(named([lon, edge.lat], `${Math.abs(lon).toFixed(digits)}°${lon < 0 ? "W" : "E"}`, "bottom"));
  }
  for (const lat of multiples(step, south, north)) {
    features.push(line([west, lat], [east, lat]));
    features.push(named([edge.lng, lat], `${Math.abs(lat).toFixed(digits)}°${lat < 0 ? "S" : "N"}`, "right"));
  }
  void Promise.resolve(fill(map, "graticule", features)).then(() => map.isMoving() || showDegrees(map, true));
}

/** Shows the degrees of the graticule, or its lines alone. */
export function showDegrees(map: MapLibre, areShown: boolean): void {
  if (map.getLayer("graticule-names")) {
    map.setPaintProperty("graticule-names", "text-opacity", areShown ? DEGREES_OPACITY : 0);
  }
}

/** Degrees between two lines, so that a few are in sight at any zoom. */
const GRATICULE_STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02];

function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, n) => (first + n) * step);
}

function line(from: Coordinates, to: Coordinates): Feature {
  return { type: "Feature", geometry: { type: "LineString", coordinates: [from, to] }, properties: {} };
}

function named(at: Coordinates, name: string, anchor: string): Feature {
  return { ...point(at), properties: { name, anchor } };
}

function point(coordinates: Coordinates): Feature {
  return { type: "Feature", geometry: { type: "Point", coordinates }, properties: {} };
}

/** Fills a source. One that is empty costs as much as a full one with every move: it is not made before it has something. */
export function fill(
  map: MapLibre,
  name: SourceName,
  features: readonly Feature[],
  options: { tolerance?: number } = {},
): unknown {
  const source = map.getSource<GeoJSONSource>(name);
  const data = { type: "FeatureCollection", features } as GeoJSONCollection;
  if (source) return source.setData(data);
  if (features.length === 0) return null;
  map.addSource(name, { type: "geojson", data, ...options });
  addLayers(map, layersOf(palettes[theme.peek()], name));
  return null;
}
