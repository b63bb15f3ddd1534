/** The areas in the order that the reader wants: as the table shows them and as a file holds them. */
import { computed, signal } from "@preact/signals";
import { isIncluded } from "./included";
import { isOn, type Measured, measured } from "./measured";
import { region } from "./page";
import { pathTo, placeCode } from "./places";
import { areaName } from "./text";

export type Column = "name" | "value" | "parts";

export const column = signal<Column>("value");
export const falling = signal(true);

export function sortBy(by: Column): void {
  falling.value = column.value === by ? !falling.value : by !== "name";
  column.value = by;
}

/** Every area that is measured. */
export const ranked = computed<readonly Measured[]>(() => {
  const sign = falling.value ? -1 : 1;
  const by = column.value;
  return (measured.value ?? []).toSorted((a, b) => compare(a, b, by, sign) || (a.code < b.code ? -1 : 1));
});

/** Tells whether an area is included, and the legend leaves it in sight. */
export function isInSight(row: Measured): boolean {
  return isOn(row.value) && isIncluded(row);
}

export const rankedInSight = computed(() => ranked.value.filter(isInSight));

/** The names of the areas above, the nearest first, without those that all in sight lie in. */
export function aboveText({ parent }: { parent: string | null }): string {
  const path = pathTo(parent);
  const within = placeCode.value ?? region.value.value?.code;
  const own = path.slice(path.findIndex(({ code }) => code === within) + 1);
  return own
    .reverse()
    .map((step) => areaName(step, step.level))
    .join(" · ");
}

/** Unknown values come last whichever way the rest is sorted. */
function compare(a: Measured, b: Measured, by: Column, sign: number): number {
  if (by === "name") return sign * (a.name ?? a.code).localeCompare(b.name ?? b.code, "zh-Hans-CN");
  const [left, right] = [a, b].map((row) => (by === "value" ? row.value : row.figure.numerator));
  if (typeof left !== "number" || typeof right !== "number") return Number(right !== null) - Number(left !== null);
  return sign * (left - right);
}
