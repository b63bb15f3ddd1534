/** The shapes that the state of the page names. */
import type { AreaGeometry } from "../api/features";
import type { Grid } from "../api/grids";
import { answer } from "../state/answer";
import { markedCodes } from "../state/marked";
import { gridsByCode, gridsOf, levels, question, region, task, view } from "../state/page";
import { depthOf, measuredLevel, place, sought } from "../state/places";
import { type Box, boxOf } from "./draw";

/** What is around the place that is looked into, else around the region. */
export function boxOfPlace(): Box | null {
  const inside = place.value.value;
  return inside ? boxOf(inside.geometry) : (region.value.value?.bbox ?? null);
}

/** The areas of the levels above the one that is measured, the nearest first. */
export function shapesAbove(): (readonly Grid[])[] {
  return levels.value
    .slice(0, Math.max(0, depthOf(measuredLevel.value)))
    .reverse()
    .map(({ code }) => gridsOf(code) ?? []);
}

/** The areas to be ringed: those chosen and marked, or the one of the shown level that the answer names. */
export function selected(): AreaGeometry[] {
  const named = question.value && answer.value.value?.grids.find((grid) => grid.level === measuredLevel.value);
  const codes = task.value === "locate" ? [named?.code] : [view.value.chosen, ...markedCodes.value];
  return codes.flatMap((code) => geometryOf(code) ?? []);
}

export function geometryOf(code: string | null | undefined): AreaGeometry | null {
  if (!code) return null;
  const here = gridsByCode.value.get(code)?.grid;
  const asked = [here, place.value.value, sought.value.value].find((one) => one?.code === code);
  return asked?.geometry ?? null;
}
