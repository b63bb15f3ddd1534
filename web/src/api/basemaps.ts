import { address, ask } from "./client";
import { fields, list, number, object, orElse, orNull, text } from "./parse";
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

const readBasemap = object<Basemap>({
  id: text,
  names: readNames,
  kind: (value) => (value === "style" ? "style" : "raster"),
  url: (value, where) => whole(text(value, where)),
  frame: (value) => (value === "gcj02" ? "gcj02" : "wgs84"),
  tileSize: orElse(number, 256),
  maxZoom: orElse(number, 18),
  attribution: orElse(text, ""),
  approval: orNull(text),
});

/** A path of this server with its origin before it; the braces of a template stay as they are. */
function whole(url: string): string {
  return url.startsWith("/") ? location.origin + url : url;
}
