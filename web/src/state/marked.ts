/** Several areas taken together, and what they add up to. */
import { computed } from "@preact/signals";
import { UNKNOWN } from "../api/figures";
import { CHANGE_METRIC } from "./change";
import { HOTSPOT_METRIC, type Measured, measuredByCode, measuring, metric } from "./measured";
import { show, view, words } from "./page";
import { measuredLevel } from "./places";
import { rankedInSight } from "./ranking";
import { areaName, count, filled } from "./text";
import { MAX_MARKED } from "./url";
import { changeText, sumOf, sumText } from "./values";

/** The marked areas among those measured; marks of another level or place are kept in the address, and count for nothing here. */
export const marked = computed<readonly Measured[]>(() =>
  view.value.marked.flatMap((code) => measuredByCode.value.get(code) ?? []),
);

export const markedCodes = computed<ReadonlySet<string>>(() => new Set(marked.value.map(({ code }) => code)));

/** Whether each count was rounded down for the public: their sum may be less than the count of all. */
const isRounded = computed(() => (measuring.value.value?.minimum ?? null) !== null);

/** How many are marked, and their sum; `null` while none is. */
export const markedText = computed(() => {
  const n = marked.value.length;
  if (n === 0) return null;
  const text = filled(words.value.marked, { n: count(n), sum: sumOfRows(marked.value) });
  return n < MAX_MARKED ? text : `${text} · ${filled(words.value.markedMost, { n: count(MAX_MARKED) })}`;
});

/** The same with the names of those that are marked, for who sees no marks in a list. */
export const markedNames = computed(() => {
  if (markedText.value === null) return null;
  const named = marked.value.slice(0, MOST_NAMED).map((row) => areaName(row, measuredLevel.value));
  const rest = marked.value.length - named.length;
  const more = rest > 0 ? ` ${filled(words.value.andMore, { n: count(rest) })}` : "";
  return `${markedText.value} (${named.join(words.value.comma)}${more})`;
});

/** More names would fill a picture's head. */
const MOST_NAMED = 8;

/** What areas add up to; where days are compared, how many there were and are, and the change. */
export function sumOfRows(rows: readonly Measured[]): string {
  const now = rows.map(({ figure }) => figure);
  if (metric.value !== CHANGE_METRIC) return sumText(metric.value, now, isRounded.value);
  const before = rows.map((row) => row.before ?? UNKNOWN);
  const isKnown = [...now, ...before].every(({ numerator }) => numerator !== null);
  if (!isKnown) return sumText(HOTSPOT_METRIC, now);
  return changeText(sumOf(CHANGE_METRIC, now), sumOf(CHANGE_METRIC, before));
}

/** Marks an area, or takes its mark away. */
export function toggleMark(code: string): void {
  const others = [...markedCodes.peek()].filter((one) => one !== code);
  mark(markedCodes.peek().has(code) ? others : [...others, code]);
}

/** Marks every area in sight from the one marked last to this. */
export function markTo(code: string): void {
  const codes = rankedInSight.peek().map((row) => row.code);
  const ends = [codes.indexOf([...markedCodes.peek()].at(-1) ?? code), codes.indexOf(code)].filter((at) => at >= 0);
  mark([...markedCodes.peek(), ...codes.slice(Math.min(...ends), Math.max(...ends) + 1)]);
}

export function clearMarks(): void {
  show({ marked: [] });
}

function mark(codes: readonly string[]): void {
  show({ marked: [...new Set(codes)].slice(0, MAX_MARKED) });
}
