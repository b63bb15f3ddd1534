/**
 * Finds the one coordinate in what people paste: a coordinate with words around it, a link to a place on another map, a
 * `geo:` address. A link's host says in which frame its numbers are.
 */
import type { Frame } from "../api/locate";
import { type Box, PAIR, type Place, plainText, readPlace, type Unreadable } from "./coordinates";
import { isLink, readLink } from "./mapLink";

/** A coordinate, and the frames it may be in, the likeliest first; none where nothing says which. */
export type Pasted = { at: Place; frames: readonly Frame[]; accuracyM: number | null };

/** Why there is no one coordinate in a text. */
export type NoPlace = Unreadable | "several" | "long" | "metres" | "short_link" | "link";

/** Longer texts are pages, in which no single coordinate is meant. */
const MAX_CHARS = 2000;

export function readPasted(input: string, bbox: Box | null): Pasted | NoPlace {
  const text = plainText(input);
  if (text.length > MAX_CHARS) return "long";
  if (isLink(text)) return readLink(text, bbox);
  const whole = readPlace(text, bbox);
  const at = whole === "unreadable" ? readAmongWords(text, bbox) : whole;
  return typeof at === "string" ? at : { at, frames: [], accuracyM: null };
}

/** The one coordinate in a text; what is beside it may be words, but no further numbers that could be another. */
function readAmongWords(text: string, bbox: Box | null): Place | NoPlace {
  const pairs = text.match(PAIR) ?? [];
  const [pair] = pairs;
  if (pair === undefined) return "unreadable";
  const rest = text.replaceAll(PAIR, "\n");
  if (pairs.length > 1 || /\d\.\d|\n\s*[,;]\s*[+-]?\d/.test(rest)) return "several";
  return readPlace(pair, bbox);
}
