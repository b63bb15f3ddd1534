/** The colours of the areas: told to the map as the state of each, so that a change of colour moves no geometry. */
import type { LayerSpecification, Map as MapLibre, VectorTileSource } from "maplibre-gl";
import type { Palette } from "../state/palette";
import type { Areas } from "../state/tiles";
import { addLayers, levelOn } from "./order";
import { persistent } from "./persistent";
import {
  AREA_LAYERS,
  type AreaState,
  areaLayers,
  areaSource,
  firstLayers,
  layers,
  type PatternName,
  tiledLayers,
} from "./style";

/** Where the areas are kept on the map, whatever their level. */
const SOURCE = "areas";

/** Gives every area its state; areas that are not named have none. */
export function paintAreas(map: MapLibre, states: ReadonlyMap<string, AreaState>): void {
  const sourceLayer = levelOn(map);
  if (sourceLayer === "") return;
  map.removeFeatureState({ source: SOURCE, sourceLayer });
  for (const [id, state] of states) map.setFeatureState({ source: SOURCE, sourceLayer, id }, state);
  for (const name of ["hatch", "dots"] as const) {
    const used = [...states.values()].some((state) => state[name]);
    if (map.getLayer(`areas-${name}`)) map.setLayoutProperty(`areas-${name}`, "visibility", used ? "visible" : "none");
  }
}

/** Colours the areas of a level by its vector tiles, instead of those before. */
export function drawTiles(map: MapLibre, areas: Areas, palette: Palette): void {
  const { level, from } = areas;
  const source = map.getSource<VectorTileSource>(SOURCE);
  if (source && levelOn(map) === level) {
    // Its own list is there only once it was loaded.
    const tiles = persistent(from.tiles);
    if (String(source.serialize().tiles) !== String(tiles)) source.setTiles(tiles);
    return;
  }
  for (const id of AREA_LAYERS) if (map.getLayer(id)) map.removeLayer(id);
  if (source) map.removeSource(SOURCE);
  map.addSource(SOURCE, areaSource(areas));
  addMissing(map, firstLayers(palette, level));
}

/**
 * Draws what else the tiles show: lines between the areas, and dots where there are too many homes.
 *
 * A level that comes in tiles alone is named, and outlined under the pointer, by these too: its names show from the zoom
 * `namesFrom`; `null` where names and shapes come by themselves.
 */
export function drawRest(map: MapLibre, palette: Palette, namesFrom: number | null): void {
  const level = levelOn(map);
  if (level === "") return;
  addMissing(map, areaLayers(palette, level));
  if (namesFrom !== null) addMissing(map, tiledLayers(palette, level, namesFrom));
}

function addMissing(map: MapLibre, wanted: readonly LayerSpecification[]): void {
  for (const layer of wanted) if (!map.getLayer(layer.id)) addLayers(map, [layer]);
}

/** Outlines an area by its tiles, or none. */
export function hoverArea(map: MapLibre, id: string | null): void {
  const sourceLayer = levelOn(map);
  const before = outlined.get(map);
  if (before?.sourceLayer === sourceLayer) map.setFeatureState({ source: SOURCE, ...before }, { hover: false });
  const now = id === null || sourceLayer === "" ? null : { sourceLayer, id };
  outlined.set(map, now);
  if (now) map.setFeatureState({ source: SOURCE, ...now }, { hover: true });
}

/** The area of each map that is outlined by its tiles. */
const outlined = new WeakMap<MapLibre, { sourceLayer: string; id: string } | null>();

/** Tells whether all areas in sight are on the map. */
export function hasAreas(map: MapLibre): boolean {
  return !map.getSource(SOURCE) || map.isSourceLoaded(SOURCE);
}

/** Lets what lies under the areas shine through, or not. */
export function setOpacity(map: MapLibre, palette: Palette, opacity: number): void {
  const fill = areaLayers(palette, levelOn(map), opacity).find(({ id }) => id === "areas");
  if (fill) setPaint(map, fill);
}

/** Takes on the colours of another palette, keeping everything that is drawn. */
export function repaint(map: MapLibre, palette: Palette): void {
  for (const layer of layers(palette, levelOn(map))) setPaint(map, layer);
  addPatterns(map, palette);
}

function setPaint(map: MapLibre, layer: LayerSpecification): void {
  if (!map.getLayer(layer.id)) return;
  for (const [name, value] of Object.entries(layer.paint ?? {}))
    map.setPaintProperty(layer.id, name as never, value as never);
}

const SIZE = 16;

/** Which pixels of a pattern are drawn. */
const MARKS: Record<PatternName, (x: number, y: number) => boolean> = {
  hatch: (x, y) => (x + y) % 8 < 1.5,
  gap: (x, y) => (x + y) % 8 < 1.5 || (x - y + SIZE) % 8 < 1.5,
  dots: (x, y) => ((x % 8) - 3.5) ** 2 + ((y % 8) - 3.5) ** 2 < 2.6,
};

/** The patterns, drawn here so that no file is needed. */
export function addPatterns(map: MapLibre, palette: Palette): void {
  for (const name of Object.keys(MARKS) as PatternName[]) {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(palette[name].slice(at, at + 2), 16));
    const data = new Uint8Array(SIZE * SIZE * 4);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) if (MARKS[name](x, y)) data.set([r, g, b, 255], (y * SIZE + x) * 4);
    }
    if (map.hasImage(name)) map.updateImage(name, { width: SIZE, height: SIZE, data });
    else map.addImage(name, { width: SIZE, height: SIZE, data }, { pixelRatio: 2 });
  }
}
