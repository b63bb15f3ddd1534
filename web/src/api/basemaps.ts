import { address, ask } from "./client";
import { fields, list, number, object, orNull, type Told, text } from "./parse";
import { readNames } from "./region";

/**
 * A picture of the surroundings under the grids, as the server's operator offers it. Pictures whose `frame` is GCJ-02 have
 * to be moved to lie right; `approval` is the number that a public map of China carries (审图号).
 */
export type Basemap = Told<
  "Basemap",
  "id" | "names" | "url" | "frame" | "tileSize" | "maxZoom" | "attribution" | "approval",
  {
    /** A whole style, or tiles of pictures by `{z}/{x}/{y}`. */
    kind: "style" | "raster";
  }
>;

export function askBasemaps(signal: AbortSignal): Promise<Basemap[]> {
  return ask(address("/basemaps"), signal, (json) => list(fields(json, "answer").basemaps, "basemaps", readBasemap));
}

const readBasemap = object<Basemap>({
  id: text,
  names: readNames,
  kind: (value) => (value === "style" ? "style" : "raster"),
  url: (value, where) => whole(text(value, where)),
  frame: (value) => (value === "gcj02" ? "gcj02" : "wgs84"),
  tileSize: number,
  maxZoom: number,
  attribution: text,
  approval: orNull(text),
});

/** A path of this server with its origin before it; the braces of a template stay as they are. */
function whole(url: string): string {
  return url.startsWith("/") ? location.origin + url : url;
}
