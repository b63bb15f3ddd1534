/** Where the characters of the map's font are: of a hundred files is told here, so it comes after the areas are seen. */
import ranges from "@fontsource/noto-sans-sc/unicode.json";
import type { StyleSpecification } from "maplibre-gl";
import { FONT } from "./style";

const files = import.meta.glob<string>("../../node_modules/@fontsource/noto-sans-sc/files/*-400-normal.woff2", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The style's `font-faces`: so Chinese labels need no glyph server. */
export function fontFaces(): NonNullable<StyleSpecification["font-faces"]> {
  const faces = Object.entries(ranges).flatMap(([subset, range]) => {
    const file = `noto-sans-sc-${subset.replace(/[[\]]/g, "")}-400-normal.woff2`;
    const path = Object.keys(files).find((one) => one.endsWith(`/${file}`));
    const url = path === undefined ? undefined : files[path];
    return url === undefined ? [] : [{ url: new URL(url, location.href).href, "unicode-range": range.split(",") }];
  });
  return { [FONT]: faces };
}
