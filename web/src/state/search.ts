/** Finds places by name, by code, or by a pasted coordinate. */
import { computed, signal } from "@preact/signals";
import type { Frame } from "../api/locate";
import { askThere } from "./answer";
import { type Place, readPlace } from "./coordinates";
import { shortName } from "./names";
import { gridsByCode, isTiled, levels, loadGrids, show, task } from "./page";
import { depthOf, goInto } from "./places";

/** What was typed, as far as it is worth looking for. */
export const sought = signal("");

/** Longer than this is no name; it is cut before it is looked for. */
const MAX_CHARS = 80;

/** As many as a list shows without scrolling. */
const MAX_FOUND = 8;

export type Found =
  | { kind: "place"; at: Place; frame: Frame }
  | { kind: "grid"; code: string; name: string | null; level: string; parent: string | null }
  /** A code that is in none of the grids that are here, but may be in those the server did not hand out at once. */
  | { kind: "code"; code: string };

/** A coordinate can be meant in these frames: the reader says which by choosing. */
const OFFERED: readonly Frame[] = ["wgs84", "gcj02", "bd09"];

export const found = computed<readonly Found[]>(() => {
  const text = folded(sought.value).trim().slice(0, MAX_CHARS);
  if (text === "") return [];
  const at = readPlace(sought.value);
  if (typeof at !== "string") return OFFERED.map((frame) => ({ kind: "place", at, frame }));
  const named = gridsNamed(text);
  const more = levels.value.some(({ code }) => isTiled(code)) && /^[\w-]{2,40}$/.test(text);
  return named.length === 0 && more ? [{ kind: "code", code: sought.value.trim() }] : named;
});

/** Those whose code or name begins with the text come before those that merely hold it; higher levels first. */
function gridsNamed(text: string): Found[] {
  const ranked: { rank: number; found: Found }[] = [];
  for (const { grid, level } of gridsByCode.value.values()) {
    const names = [grid.code, ...(grid.name === null ? [] : [grid.name, shortName(grid.name)])];
    const at = Math.min(...names.map((name) => place(folded(name), text)));
    if (at === Number.POSITIVE_INFINITY) continue;
    ranked.push({ rank: at * 100 + depthOf(level), found: { kind: "grid", ...grid, level } });
  }
  ranked.sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, MAX_FOUND).map((one) => one.found);
}

/** What a text is compared by: full width and half width, composed and in parts, large and small letters are alike. */
function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** 0 where the whole name is the text, 1 where it begins with it, 2 where it holds it. */
function place(name: string, text: string): number {
  const at = name.indexOf(text);
  if (at < 0) return Number.POSITIVE_INFINITY;
  return at > 0 ? 2 : name.length === text.length ? 0 : 1;
}

/** Names can only be found in grids that are here: asks for those of every level that is not too large. */
export function prepareSearch(): void {
  for (const { code } of levels.value) if (!isTiled(code)) loadGrids(code);
}

/** Goes to what was found. */
export function go(to: Found): void {
  if (to.kind === "place") askThere(to.at.lon, to.at.lat, to.frame, { accuracyM: 0 });
  else {
    if (task.value === "locate") show({ task: "coverage" });
    goInto(to.code);
  }
}
