/** The colours of the areas: told to the map as the state of each, so that a change of colour moves no geometry. */
import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";
import type { Palette } from "../state/palette";
import {
  ABOVE_AREAS,
  AREA_LAYERS,
  type AreaSource,
  type AreaState,
  areaLayers,
  layers,
  type PatternName,
} from "./style";

/** Where the areas on the map come from now. */
export function areaSource(map: MapLibre): AreaSource {
  const layer = map.getLayer("areas");
  const name = layer?.sourceLayer;
  return layer?.source === "tiles" && name ? { source: "tiles", "source-layer": name } : { source: "areas" };
}

function target(from: AreaSource): { source: string; sourceLayer?: string } {
  return from.source === "tiles" ? { source: "tiles", sourceLayer: from["source-layer"] } : { source: "areas" };
}

/** Gives every area its state; areas that are not named have none. */
export function paintAreas(map: MapLibre, states: ReadonlyMap<string, AreaState>): void {
  const at = target(areaSource(map));
  map.removeFeatureState(at);
  for (const [id, state] of states) map.setFeatureState({ ...at, id }, state);
  for (const name of ["hatch", "dots"] as const) {
    const used = [...states.values()].some((state) => state[name]);
    map.setLayoutProperty(`areas-${name}`, "visibility", used ? "visible" : "none");
  }
}

/** Draws the areas from a level's vector tiles, or from the one GeoJSON when `tiles` is `null`. */
export function drawFrom(
  map: MapLibre,
  tiles: { level: string; templates: string[]; minZoom: number; maxZoom: number } | null,
  palette: Palette,
  opacity: number,
): void {
  const before = areaSource(map);
  const same = tiles === null ? before.source === "areas" : false;
  if (same) return;
  for (const id of AREA_LAYERS) map.removeLayer(id);
  if (map.getSource("tiles")) map.removeSource("tiles");
  if (tiles) {
    const { level, templates, minZoom, maxZoom } = tiles;
    const source = { type: "vector", tiles: templates, minzoom: minZoom, maxzoom: maxZoom } as const;
    map.addSource("tiles", { ...source, promoteId: { [level]: "id" } });
  }
  const from: AreaSource = tiles ? { source: "tiles", "source-layer": tiles.level } : { source: "areas" };
  for (const layer of areaLayers(palette, from, opacity)) map.addLayer(layer, ABOVE_AREAS);
}

/** Lets what lies under the areas shine through, or not. */
export function setOpacity(map: MapLibre, palette: Palette, opacity: number): void {
  const [fill] = areaLayers(palette, areaSource(map), opacity);
  if (fill) setPaint(map, fill);
}

/** Takes on the colours of another palette, keeping everything that is drawn. */
export function repaint(map: MapLibre, palette: Palette): void {
  for (const layer of layers(palette, areaSource(map))) setPaint(map, layer);
  addPatterns(map, palette);
}

function setPaint(map: MapLibre, layer: LayerSpecification): void {
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
