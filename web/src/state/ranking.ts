/** The areas in the order that the reader wants: as the table shows them and as a file holds them. */
import { computed, signal } from "@preact/signals";
import { against, isIncluded, partLevel, within } from "./included";
import { isOn, type Measured, measured } from "./measured";
import { region, view } from "./page";
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

const inSight = computed(() => ranked.value.filter(isInSight));

/** The place of each area among all in sight, from 1. */
export const rankByCode = computed(() => new Map(inSight.value.map(({ code }, n) => [code, n + 1])));

/** Tells whether the areas are listed part by part of the place. */
export const isGrouped = computed(
  () => partLevel.value !== null && (within.value === null ? view.value.grouped : against.value !== null),
);

/** Those that are in sight, as they are listed: the part of the first one first, with all of its areas. */
export const rankedInSight = computed<readonly Measured[]>(() =>
  isGrouped.value ? [...groups.value.values()].flat() : inSight.value,
);

/** The areas in sight by the part of the place that they are in. */
export const groups = computed(() => {
  const found = new Map<string | undefined, Measured[]>();
  for (const row of inSight.value) {
    const part = partOf(row);
    const rows = found.get(part);
    if (rows) rows.push(row);
    else found.set(part, [row]);
  }
  return found;
});

/** The first `n` in sight as they are listed: those of each part of the place together, every part by name; or all without a part. */
export function listed(n: number): { code: string | undefined; rows: readonly Measured[] }[] {
  if (!isGrouped.value) return [{ code: undefined, rows: inSight.value.slice(0, n) }];
  let left = n;
  return [...groups.value].map(([code, all]) => {
    const rows = all.slice(0, left);
    left -= rows.length;
    return { code, rows };
  });
}

/** The code of the part of the place that an area is in. */
export function partOf({ parent }: Pick<Measured, "parent">): string | undefined {
  return pathTo(parent).find(({ level }) => level === partLevel.value)?.code;
}

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
