/** Puts layers where they belong among those that are there: the order is that of {@link layers}, whoever comes first. */
import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { type Palette, palettes } from "../state/palette";
import { layers } from "./style";

/** The level whose areas are on the map; empty while none are. */
export function levelOn(map: MapLibre): string {
  return map.getLayer("areas")?.sourceLayer ?? "";
}

/** The layers that show a source, in the colours of `palette`. */
export function layersOf(palette: Palette, source: string): LayerSpecification[] {
  return layers(palette, "").filter((one) => "source" in one && one.source === source);
}

/** Adds layers that lie one upon another, under whatever lies above the last of them. */
export function addLayers(map: MapLibre, added: readonly LayerSpecification[]): void {
  const last = added.at(-1);
  const before = last && nextAbove(map, last.id);
  for (const layer of added) map.addLayer(layer, before);
}

/** The lowest of our layers on the map. */
export function lowest(map: MapLibre): string | undefined {
  return ORDER.find((one) => map.getLayer(one));
}

/** The lowest layer on the map that belongs above one. */
export function nextAbove(map: MapLibre, id: string): string | undefined {
  return ORDER.slice(ORDER.indexOf(id) + 1).find((one) => map.getLayer(one));
}

const ORDER = layers(palettes.light, "").map((layer) => layer.id);
