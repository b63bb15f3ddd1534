/** What is drawn on the map: plain functions that take the map and fill one source each. */
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import type { Coordinates } from "../api/features";
import type { Grid } from "../api/grids";
import { type Classes, classOf } from "../state/classes";
import { labelOf } from "../state/names";
import { type Palette, rampPlace } from "../state/palette";
import { type LabelRoom, labelRoom } from "./labels";
import { HATCH, layers, MAX_ZOOM, type SourceName } from "./style";

type GeoJSONCollection = Exclude<Parameters<GeoJSONSource["setData"]>[0], string>;
type Feature = { type: "Feature"; geometry: object; properties: Record<string, string | number | null> };

/** Shows the areas of one level, each in the colour of its class. */
export function showAreas(map: MapLibre, grids: readonly Grid[], classes: Classes): void {
  const nClasses = classes.classes.length;
  fill(
    map,
    "areas",
    grids.map(({ id, nHouseholds, geometry }) => {
      const place = classOf(nHouseholds, classes);
      const properties = { id, class: place, place: typeof place === "number" ? rampPlace(place, nClasses) : null };
      return { type: "Feature", geometry, properties };
    }),
  );
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
 * `levels` starts with the areas themselves. A name shows from the zoom at which its area is wide enough for it.
 */
export function showLabels(map: MapLibre, levels: readonly (readonly Grid[])[]): void {
  const names = new Map(levels.flat().map((grid) => [grid.code, grid.name]));
  const features = levels.flatMap((grids, rank) =>
    grids.map((grid): Feature => {
      const { at, width } = roomOf(grid);
      const name = labelOf(grid, names.get(grid.parent ?? "") ?? null);
      const from = Math.log2(([...name].length * LABEL_PX * 360) / (512 * Math.max(width, 1e-6)));
      const to = rank === 0 ? MAX_ZOOM : from + LABEL_ZOOMS;
      return { type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { name, rank, from, to } };
    }),
  );
  fill(map, "labels", features);
}

/** How strong the areas stay under the heat; the legend's colours fade alike. */
const FADED = 0.5;

/** Shows or hides where incidents gather; the areas step back behind it. */
export function showHeat(map: MapLibre, places: readonly Coordinates[] | null): void {
  if (places) fill(map, "incidents", places.map(point));
  map.setPaintProperty("areas", "fill-opacity", places ? FADED : 1);
  for (const layer of ["heat", "heat-points"]) {
    map.setLayoutProperty(layer, "visibility", places ? "visible" : "none");
  }
}

/** Rings the area that was found, or none. */
export function showSelection(map: MapLibre, grid: Grid | null): void {
  fill(map, "selection", grid ? [{ type: "Feature", geometry: grid.geometry, properties: {} }] : []);
}

/** Marks the place that was asked for, and brings it into sight when it is out of it. */
export function showPlace(map: MapLibre, place: { lon: number; lat: number } | null): void {
  fill(map, "place", place ? [point([place.lon, place.lat])] : []);
  if (place && !map.getBounds().contains([place.lon, place.lat])) map.easeTo({ center: [place.lon, place.lat] });
}

/** Frames a box of degrees (west, south, east, north), clear of what floats over the map. */
export function frame(map: MapLibre, box: [number, number, number, number], animate: boolean): void {
  const narrow = map.getContainer().clientWidth < 600;
  const padding = narrow ? { top: 72, right: 16, bottom: 100, left: 16 } : { top: 64, right: 24, bottom: 40, left: 24 };
  map.fitBounds(box, { padding, animate });
}

/** Takes on the colours of another palette, keeping everything that is drawn. */
export function repaint(map: MapLibre, palette: Palette): void {
  for (const layer of layers(palette)) {
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name as never, value as never);
  }
  addHatch(map, palette);
}

/** The picture for areas without homes: thin slanted lines, drawn here so that no file is needed. */
export function addHatch(map: MapLibre, palette: Palette): void {
  const size = 12;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(palette.hatch.slice(at, at + 2), 16));
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if ((x + y) % 6 < 1.5) data.set([r, g, b, 255], (y * size + x) * 4);
    }
  }
  if (map.hasImage(HATCH)) map.updateImage(HATCH, { width: size, height: size, data });
  else map.addImage(HATCH, { width: size, height: size, data }, { pixelRatio: 2 });
}

function point(coordinates: Coordinates): Feature {
  return { type: "Feature", geometry: { type: "Point", coordinates }, properties: {} };
}

function fill(map: MapLibre, name: SourceName, features: readonly Feature[]): void {
  const source = map.getSource<GeoJSONSource>(name);
  void source?.setData({ type: "FeatureCollection", features } as GeoJSONCollection);
}
