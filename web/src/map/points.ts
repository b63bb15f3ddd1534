/** Homes and incidents one by one, from their vector tiles: for those who may see them, where the map is near. */
import type { ExpressionSpecification, FilterSpecification, Map as MapLibre } from "maplibre-gl";
import type { Points, TileSource } from "../api/tiles";
import type { Palette } from "../state/palette";
import type { Filter } from "../state/url";
import { addLayers, layersOf } from "./order";
import { persistent } from "./persistent";

const SOURCE = "points";

/** What is shown now: it is not made anew for a filter alone. */
let shown: TileSource | null = null;

/** Shows homes, or incidents, instead of what was shown before; `null` shows neither. */
export function showPoints(map: MapLibre, from: (TileSource & { points: Points }) | null, palette: Palette): void {
  if (shown === from) return;
  shown = from;
  for (const id of ["households", "incidents"] satisfies Points[]) if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource(SOURCE)) map.removeSource(SOURCE);
  if (!from) return;
  const { minZoom: minzoom, maxZoom: maxzoom, points } = from;
  map.addSource(SOURCE, { type: "vector", tiles: persistent(from.tiles), minzoom, maxzoom });
  addLayers(
    map,
    layersOf(palette, SOURCE).filter(({ id }) => id === points),
  );
}

/** Leaves those incidents in sight that are counted; days are those of a clock that is `offset` ahead of UTC. */
export function filterIncidents(map: MapLibre, { kind, tier, status, from, to }: Filter, offset: string): void {
  if (!map.getLayer("incidents")) return;
  const same = (name: string, value: string | null): ExpressionSpecification[] =>
    value === null ? [] : [["==", ["get", name], value]];
  const at: ExpressionSpecification = ["get", "reported_at"];
  const rules: ExpressionSpecification[] = [
    ...same("kind", kind),
    ...same("tier", tier),
    ...same("status", status),
    ...(from === null ? [] : [[">=", at, startOf(from, offset, 0)] as ExpressionSpecification]),
    ...(to === null ? [] : [["<", at, startOf(to, offset, 1)] as ExpressionSpecification]),
  ];
  map.setFilter("incidents", ["all", ...rules] as FilterSpecification);
}

/** The instant that a day begins, or one some days later, as the tiles write it but for its zone: both are in UTC. */
function startOf(day: string, offset: string, later: number): string {
  return new Date(Date.parse(`${day}T00:00:00${offset}`) + later * 86_400_000).toISOString().slice(0, 19);
}
