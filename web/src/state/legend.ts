/** What the colours mean, line by line, in words: the legend on the screen, in pictures and on paper. */
import { computed } from "@preact/signals";
import type { Points } from "../api/tiles";
import { circled } from "./circles";
import { isFixed, type Place } from "./classes";
import { included } from "./included";
import {
  classes,
  earlierOf,
  homesTarget,
  isBeside,
  isHeat,
  type Measured,
  metric,
  placeOfValue,
  ramp,
  rule,
  zeroIsNone,
} from "./measured";
import { view, words } from "./page";
import { measuredLevel } from "./places";
import { levelName, metricName } from "./text";
import { pointsInSight } from "./tiles";
import { countText, figureText, isYesOrNo, limitsText, partsText } from "./values";

export type LegendRow = {
  /** What it looks like: a class by its place, an area without colour or of unknown value, open ground, or a dot. */
  mark: Place | "gap" | "circles" | Points;
  name: string | null;
  /** The values it holds. */
  limits: string | null;
  /** How many areas are in it; `null` where no areas are counted. */
  n: number | null;
};

/** What is measured, and of which areas. Heat is of no areas. */
export const legendTitle = computed(() => {
  const level = measuredLevel.value;
  if (isHeat.value) return words.value.legendHeat;
  return level === null ? metricName(metric.value) : `${metricName(metric.value)} · ${levelName(level)}`;
});

/** The classes from the lowest up, then what is in none of them. Heat has a ramp instead. */
export const legend = computed<readonly LegendRow[]>(() =>
  isHeat.value ? dots() : [...classRows(), ...rest(), ...circles(), ...dots()],
);

/** Tells whether the reader switched a class off. */
export function isOff({ mark }: LegendRow): boolean {
  return typeof mark === "number" && view.value.off.includes(mark);
}

export function rowText({ name, limits }: Pick<LegendRow, "name" | "limits">): string {
  return [name, limits].filter((part) => part !== null).join(" · ");
}

/** The value of an area as it is written wherever it is shown. */
export function areaText({ value, figure }: Measured): string {
  return figureText(metric.value, value, figure, classes.value.decimals);
}

/** What the value of an area is made of: how many of how many, or how many there were and are. */
export function areaPartsText({ figure, before }: Measured): string {
  if (!before) return partsText(metric.value, figure);
  return `${countText(before.numerator)} → ${countText(figure.numerator)}`;
}

/** The line of the legend that an area is in, in words. */
export function classText({ value, figure }: Measured): string {
  const at = placeOfValue(value);
  if (typeof at === "number") return rowText(className(at));
  return at === "none" ? noneText() : figureText(metric.value, null, figure);
}

/** The areas on the map; on two maps of days those of both. */
const drawnRows = computed<readonly Measured[]>(() =>
  isBeside.value ? [...included.value, ...included.value.map(earlierOf)] : included.value,
);

/** How many areas; on two maps of days each has another number. */
function counted(n: number | null): number | null {
  return isBeside.value ? null : n;
}

function classRows(): LegendRow[] {
  const counts = new Map<Place, number>();
  for (const { value } of drawnRows.value) {
    const at = placeOfValue(value);
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return classes.value.classes.map((_, at) => ({ mark: at, ...className(at), n: counted(counts.get(at) ?? 0) }));
}

function className(at: number): Pick<LegendRow, "name" | "limits"> {
  if (isYesOrNo(metric.value)) return { name: words.value.legend_flag, limits: null };
  const limits = limitsText(metric.value, classes.value, at, rule.value);
  const target = ramp.value === "target" ? homesTarget.value : null;
  if (!target || !isFixed(rule.value)) return { name: null, limits };
  const { legend_aboveTarget, legend_belowTarget, legend_over, legend_under } = words.value;
  const name = [legend_under, legend_belowTarget, legend_aboveTarget, legend_over][at] ?? null;
  return { name, limits: at === 3 ? `> ${target.ceiling}` : limits };
}

function noneText(): string {
  if (metric.value.ramp === "change") return words.value.legend_none_change;
  return metric.value.ramp === "fault" ? words.value.legend_none_fault : words.value.legend_none;
}

/** What has no colour: none of it, withheld, not known, and where there is nothing to measure. */
function rest(): LegendRow[] {
  const rows = drawnRows.value;
  const missing = rows.filter(({ value }) => value === null);
  const nothing = missing.filter(({ figure }) => figure.denominator === 0).length;
  const withheld = missing.filter(({ figure }) => figure.denominator !== 0 && figure.withheld).length;
  const nNone = rows.filter(({ value }) => placeOfValue(value) === "none").length;
  const none: LegendRow = { mark: "none", name: noneText(), limits: null, n: counted(nNone) };
  const found: LegendRow[] = [
    { mark: null, name: words.value.notShown, limits: null, n: withheld },
    { mark: null, name: words.value.unknown, limits: null, n: missing.length - nothing - withheld },
    { mark: "none", name: words.value.legend_nothing, limits: null, n: nothing },
  ];
  const shown = found.filter(({ n }) => n !== 0).map((row) => ({ ...row, n: counted(row.n) }));
  // That nothing is wrong anywhere is worth a line.
  if (zeroIsNone.value && (nNone > 0 || metric.value.ramp === "fault")) shown.unshift(none);
  if (metric.value.code !== "uncovered") return shown;
  return [...shown, { mark: "gap", name: words.value.legend_gap, limits: null, n: null }];
}

function circles(): LegendRow[] {
  const isShown = circled.value.length > 0;
  return isShown ? [{ mark: "circles", name: words.value.legend_circles, limits: null, n: null }] : [];
}

function dots(): LegendRow[] {
  const points = pointsInSight.value;
  return points ? [{ mark: points, name: words.value[`legend_${points}`], limits: null, n: null }] : [];
}
