/** Two maps side by side, in one set of classes: of two spans of days, or of two parts of the place. */
import { computed } from "@preact/signals";
import type { Grid } from "../api/grids";
import { daysText } from "./caption";
import { against, within } from "./included";
import { sumOfRows } from "./marked";
import { isBeside, type Measured, than } from "./measured";
import { words } from "./page";
import { groups, partOf } from "./ranking";
import { areaName, labelled, rangeText } from "./text";

/** On the left and right are the earlier and the later days; or the part that is included, and the one beside it. */
export type Pair = { of: "days" } | { of: "parts"; left: Grid; right: Grid };

/** `null` while there is one map. */
export const pair = computed<Pair | null>(() => {
  if (isBeside.value) return { of: "days" };
  const [left, right] = [within.value, against.value];
  return left && right ? { of: "parts", left, right } : null;
});

/** What the left and the right map show, in words. */
export const pairNames = computed<readonly [string, string]>(() => {
  const shown = pair.value;
  if (shown?.of !== "parts") return [than.value ? rangeText(than.value) : "", daysText()];
  const [left, right] = [shown.left, shown.right].map((part) => {
    const rows = groups.value.get(part.code) ?? [];
    return [areaName(part, part.level), rows.length > 0 ? sumOfRows(rows) : ""].filter(Boolean).join(" · ");
  });
  return [left ?? "", right ?? ""];
});

/** What the second map is, for whoever does not see it. */
export const secondName = computed(() =>
  pair.value?.of === "parts" ? labelled(words.value.mapLabel, pairNames.value[1]) : words.value.mapBefore,
);

/** Tells whether the left map is of an area; of two spans of days both are of all. */
export function isLeft(row: Measured): boolean {
  return pair.value?.of !== "parts" || partOf(row) === pair.value.left.code;
}

/** Tells whether the right map is of an area. */
export function isRight(row: Measured): boolean {
  return pair.value?.of !== "parts" || partOf(row) === pair.value.right.code;
}
