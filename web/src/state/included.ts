/**
 * The areas that are included in list, legend and map: of one part of the place, as the grids of a township of the county,
 * or of two; and rates of so many homes at least.
 */
import { computed } from "@preact/signals";
import type { Grid } from "../api/grids";
import { isHeat, type Measured, measured } from "./measured";
import { gridsOf, levels, task, view, words } from "./page";
import { depthOf, measuredLevel, pathTo, place, placeCode } from "./places";
import { areaName, count, filled, labelled, levelName } from "./text";

/** The level right below the place, where deeper areas are shown and it is known what each lies in. */
export const partLevel = computed<string | null>(() => {
  const inside = placeCode.value === null ? levels.value[0]?.code : place.value.value?.level;
  if (inside === undefined || isHeat.value) return null;
  const between = levels.value.slice(depthOf(inside) + 1, depthOf(measuredLevel.value)).map(({ code }) => code);
  return between.every((code) => gridsOf(code) !== null) ? (between[0] ?? null) : null;
});

/** The parts there are to choose from. */
export const parts = computed<readonly Grid[]>(() => {
  const all = gridsOf(partLevel.value) ?? [];
  return placeCode.value === null ? all : all.filter(({ parent }) => parent === placeCode.value);
});

/** The part that is chosen among them. */
export const within = computed<Grid | null>(() => parts.value.find(({ code }) => code === view.value.within) ?? null);

/** The part that is seen beside it, on a map of its own. */
export const against = computed<Grid | null>(() => {
  const other = parts.value.find(({ code }) => code === view.value.against);
  return within.value && other && other.code !== within.value.code ? other : null;
});

/** The parts that are included; none where all are. */
export const chosenParts = computed<readonly Grid[]>(() =>
  [within.value, against.value].filter((part) => part !== null),
);

/** Rates of fewer homes are left out; `null` where there are no rates, or all are wanted. */
export const leastHomes = computed(() => (task.value === "hotspots" && !isHeat.value ? view.value.leastHomes : null));

export function isIncluded({ parent, figure }: Pick<Measured, "parent" | "figure">): boolean {
  const chosen = chosenParts.value;
  // Nobody says of an area whose homes are withheld that it has enough.
  if (leastHomes.value !== null && (figure.denominator ?? 0) < leastHomes.value) return false;
  return chosen.length === 0 || pathTo(parent).some((step) => chosen.some(({ code }) => code === step.code));
}

export const included = computed<readonly Measured[]>(() => (measured.value ?? []).filter(isIncluded));

/** What is included, in words; nothing where all is. */
export const includedTexts = computed<readonly string[]>(() => {
  const [chosen, level, least] = [chosenParts.value, partLevel.value, leastHomes.value];
  return [
    ...(level && chosen.length > 0 ? [labelled(levelName(level), namesOf(chosen, level))] : []),
    ...(least === null ? [] : [filled(words.value.leastHomes, { n: count(least) })]),
  ];
});

function namesOf(parts: readonly Grid[], level: string): string {
  return parts.map((part) => areaName(part, level)).join(` ${words.value.against} `);
}
