import { address, ask, onThisServer } from "./client";
import { fields, list, maybe, number, text } from "./parse";

/** Where vector tiles are. */
export type TileSource = { tiles: string[]; minZoom: number; maxZoom: number };

/** What is in tiles one by one, for those who may see it. */
export type Points = "households" | "incidents";

/** Asks for the TileJSON of the grids; the address of the tiles carries the revision. */
export function askTileSource(signal: AbortSignal): Promise<TileSource> {
  return ask(address("/collections/grids/tiles/WebMercatorQuad", { f: "tilejson" }), signal, readTileSource);
}

/** Those of the tiles that hold one level alone. */
export function ofLevel(source: TileSource, level: string): TileSource {
  const narrowed = (template: string) =>
    `${template}${template.includes("?") ? "&" : "?"}level=${encodeURIComponent(level)}`;
  return { ...source, tiles: source.tiles.map(narrowed) };
}

/** Asks for the TileJSON of homes or incidents. */
export function askPointSource(points: Points, signal: AbortSignal): Promise<TileSource> {
  return ask(address(`/collections/${points}/tiles/WebMercatorQuad`, { f: "tilejson" }), signal, readTileSource);
}

function readTileSource(json: unknown): TileSource {
  const tilejson = fields(json, "tilejson");
  return {
    tiles: list(tilejson.tiles, "tiles", (value, where) => onThisServer(text(value, where))),
    minZoom: maybe(tilejson.minzoom, "minzoom", number) ?? 0,
    maxZoom: maybe(tilejson.maxzoom, "maxzoom", number) ?? 14,
  };
}
