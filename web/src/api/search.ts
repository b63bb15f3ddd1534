import { address, ask } from "./client";
import { type GridName, readGridName } from "./locate";
import { listOf, object, orNull, type Told, text } from "./parse";

/** A grid that was found, and those that hold it from the top down. */
export type FoundGrid = Told<"FoundGrid", "id" | "code" | "name" | "level", { above: GridName[] }>;

/** Somebody who answers, with the first duty that counts now. */
export type FoundHolder = Told<"FoundHolder", "id" | "name" | "phone" | "role", { grid: FoundGrid | null }>;

/** What is called so, the best first; persons only for whoever may know their telephones. */
export type FoundNames = Told<"Found", never, { grids: FoundGrid[]; holders: FoundHolder[] }>;

/** As many of each kind as a list shows without scrolling. */
const MAX_FOUND = 6;

export function askNames(q: string, signal: AbortSignal): Promise<FoundNames> {
  return ask(address("/search", { q, limit: MAX_FOUND }), signal, (json) => readFound(json, "found"));
}

export const readFoundGrid = object<FoundGrid>({
  id: text,
  code: text,
  name: orNull(text),
  level: text,
  above: listOf(readGridName),
});

export const readFoundHolder = object<FoundHolder>({
  id: text,
  name: text,
  phone: orNull(text),
  role: orNull(text),
  grid: orNull(readFoundGrid),
});

const readFound = object<FoundNames>({ grids: listOf(readFoundGrid), holders: listOf(readFoundHolder) });
