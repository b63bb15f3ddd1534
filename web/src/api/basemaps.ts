import { address, ask } from "./client";
import { fields, list, maybe, number, text } from "./parse";
import { type Names, readNames } from "./region";

/** A picture of the surroundings under the grids, as the server's operator offers it. */
export type Basemap = {
  id: string;
  names: Names;
  /** A whole style, or tiles of pictures by `{z}/{x}/{y}`. */
  kind: "style" | "raster";
  url: string;
  /** Where its pictures are drawn: those in GCJ-02 have to be moved to lie right. */
  frame: "wgs84" | "gcj02";
  tileSize: number;
  maxZoom: number;
  attribution: string;
  /** The approval number that a public map of China carries (审图号). */
  approval: string | null;
};

export function askBasemaps(signal: AbortSignal): Promise<Basemap[]> {
  return ask(address("/basemaps"), signal, (json) => list(fields(json, "answer").basemaps, "basemaps", readBasemap));
}

function readBasemap(value: unknown, where: string): Basemap {
  const basemap = fields(value, where);
  return {
    id: text(basemap.id, `${where}.id`),
    names: readNames(basemap.names, `${where}.names`),
    kind: basemap.kind === "style" ? "style" : "raster",
    url: whole(text(basemap.url, `${where}.url`)),
    frame: basemap.frame === "gcj02" ? "gcj02" : "wgs84",
    tileSize: maybe(basemap.tile_size, `${where}.tile_size`, number) ?? 256,
    maxZoom: maybe(basemap.max_zoom, `${where}.max_zoom`, number) ?? 18,
    attribution: maybe(basemap.attribution, `${where}.attribution`, text) ?? "",
    approval: maybe(basemap.approval, `${where}.approval`, text),
  };
}

/** A path of this server with its origin before it; the braces of a template stay as they are. */
function whole(url: string): string {
  return url.startsWith("/") ? location.origin + url : url;
}
