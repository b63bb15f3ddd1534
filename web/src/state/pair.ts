/** Two maps side by side, in one set of classes: of two spans of days, or of two parts of the place. */
import { computed } from "@preact/signals";
import type { Grid } from "../api/grids";
import { against, within } from "./included";
import { isBeside, type Measured } from "./measured";
import { task } from "./page";
import { partOf } from "./ranking";

/** On the left and right are the earlier and the later days; or the part that is included, and the one beside it. */
export type Pair = { of: "days" } | { of: "parts"; left: Grid; right: Grid };

/** `null` while there is one map. */
export const pair = computed<Pair | null>(() => {
  if (task.value === "locate") return null;
  if (isBeside.value) return { of: "days" };
  const [left, right] = [within.value, against.value];
  return left && right ? { of: "parts", left, right } : null;
});

/** Tells whether the left map is of an area; of two spans of days both are of all. */
export function isLeft(row: Measured): boolean {
  return pair.value?.of !== "parts" || partOf(row) === pair.value.left.code;
}

/** Tells whether the right map is of an area. */
export function isRight(row: Measured): boolean {
  return pair.value?.of !== "parts" || partOf(row) === pair.value.right.code;
}
