/**
 * What is counted, as circles: the fullest areas are the smallest on the map. Each circle has an area in proportion to its
 * count, and is drawn where its own area is narrower than it.
 */
import { computed } from "@preact/signals";
import { classes, isHeat, type Measured, measured, metric, placeOfValue } from "./measured";
import { detailed, isTiled } from "./page";
import { measuredLevel } from "./places";
import { isInSight } from "./ranking";
import { isNarrow } from "./screen";

/** The radius of the greatest, in pixels: a telephone shows the whole county at half the size. */
const GREATEST_PX = isNarrow ? 7 : 12;

export type Circled = { row: Measured; radius: number };

/** Of incidents all, of homes those in the gravest class: too few of them are no crowd. */
export const circled = computed<readonly Circled[]>(() => {
  const { unit } = metric.value;
  if (!detailed.value || isHeat.value || isTiled(measuredLevel.value)) return [];
  if (unit !== "homes" && unit !== "count") return [];
  const rows = (measured.value ?? []).filter((row) => isInSight(row) && isCircled(row, unit));
  const greatest = Math.max(...rows.map(({ value }) => value ?? 0));
  return rows.map((row) => ({ row, radius: GREATEST_PX * Math.sqrt((row.value ?? 0) / greatest) }));
});

function isCircled({ value }: Measured, unit: "homes" | "count"): boolean {
  const at = placeOfValue(value);
  return typeof at === "number" && (unit === "count" || at === classes.value.classes.length - 1);
}
