/** What the two maps of a pair show, in words. */
import { computed } from "@preact/signals";
import { daysText } from "./caption";
import { sumOfRows } from "./marked";
import { than } from "./measured";
import { words } from "./page";
import { pair } from "./pair";
import { groups } from "./ranking";
import { areaName, labelled, rangeText } from "./text";

/** The left and the right one. */
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

/** Both parts with their sums, for who sees no more than a picture; two spans of days are in its caption. */
export const partsText = computed(() => (pair.value?.of === "parts" ? pairNames.value.join(" | ") : null));
