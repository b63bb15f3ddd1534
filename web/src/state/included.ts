/** The areas shown narrowed to those of one part of the place, as the grids of a township of the county. */
import { computed } from "@preact/signals";
import type { Grid } from "../api/grids";
import { isHeat, type Measured, measured } from "./measured";
import { gridsOf, levels, view } from "./page";
import { depthOf, measuredLevel, pathTo, place, placeCode } from "./places";
import { areaName, levelName } from "./text";

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

/** What the part is, in words: its level and name. */
export const withinText = computed(() => {
  const level = partLevel.value;
  return within.value && level ? `${levelName(level)}: ${areaName(within.value, level)}` : null;
});

export function isWithin({ parent }: Pick<Measured, "parent">): boolean {
  const code = within.value?.code;
  return code === undefined || pathTo(parent).some((step) => step.code === code);
}

/** The areas of the part that is chosen, or all. */
export const measuredWithin = computed<readonly Measured[]>(() => (measured.value ?? []).filter(isWithin));
