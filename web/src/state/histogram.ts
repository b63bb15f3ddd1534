/** How many areas there are of each value, by class: bars of equal steps from the least value to the greatest. */
import { computed } from "@preact/signals";
import { roundTo } from "./classes";
import { included } from "./included";
import { classes, metric, placeOfValue } from "./measured";
import { valueText } from "./values";

const MOST_BARS = 24;

/** The areas of one step, and how many of them are in each class that is there. */
export type Bar = { n: number; parts: { place: number; n: number }[] };

/** From the least value to the greatest; empty where all are alike. Areas with none of it, or of unknown value, are in no bar. */
export const bars = computed<readonly Bar[]>(() => {
  const values = included.value.flatMap(({ value }) => {
    const place = placeOfValue(value);
    return value !== null && typeof place === "number"
      ? [{ value: roundTo(value, classes.value.decimals), place }]
      : [];
  });
  const [least, most] = ends(values.map(({ value }) => value));
  if (least === most) return [];
  const step = stepOf(most - least);
  const found: Bar[] = Array.from({ length: Math.floor((most - least) / step) + 1 }, () => ({ n: 0, parts: [] }));
  for (const { value, place } of values.sort((a, b) => a.place - b.place)) {
    const bar = found[Math.min(found.length - 1, Math.floor((value - least) / step))];
    if (bar) count(bar, place);
  }
  return found;
});

/** The least and the greatest value, in words. */
export const endTexts = computed(() => {
  const at = included.value.flatMap(({ value }) => (typeof placeOfValue(value) === "number" ? (value ?? []) : []));
  return ends(at).map((value) => valueText(metric.value, value, classes.value.decimals));
});

function ends(values: readonly number[]): [number, number] {
  return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
}

/** Counts are whole: a step holds as many of them as the next. */
function stepOf(width: number): number {
  return classes.value.decimals === 0 ? Math.ceil((width + 1) / MOST_BARS) : width / (MOST_BARS - 1);
}

function count(bar: Bar, place: number): void {
  bar.n++;
  const part = bar.parts.find((one) => one.place === place);
  if (part) part.n++;
  else bar.parts.push({ place, n: 1 });
}
