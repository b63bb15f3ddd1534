/** How much more or less there is than in another span of days, per 100 homes. */
import type { Figure } from "../api/figures";
import { naturalLimits, roundTo } from "./classes";
import { daysAfter } from "./days";
import { leastDecimals, type Metric } from "./metrics";

/** Days, both included. */
export type Days = { from: string; to: string };

export const CHANGE_METRIC: Metric = { code: "change", unit: "per_100", ramp: "change" };

/** As many classes of more as of less. */
const SIDE = 3;

const MAX_DECIMALS = 6;

/** What there is now less what there was, per 100 of the same homes; `null` where one of them is not known or there are no homes. */
export function changeOf(now: Figure, before: Figure): number | null {
  if (now.numerator === null || before.numerator === null || !now.denominator) return null;
  return (100 * (now.numerator - before.numerator)) / now.denominator;
}

/** With how many decimals changes are written: so many that none is written as no change. */
export function changeDecimals(changes: readonly (number | null)[]): number {
  const some = changes.filter((one) => one !== null && one !== 0) as number[];
  const least = some.reduce((least, one) => Math.min(least, Math.abs(one)), 1);
  let decimals = leastDecimals(CHANGE_METRIC);
  while (decimals < MAX_DECIMALS && roundTo(least, decimals) === 0) decimals++;
  return decimals;
}

/**
 * Where classes of change begin: the same on both sides of no change, so that equal strength of colour is an equal change.
 * The changes are written with `decimals`. The first class has no lower end.
 */
export function changeLimits(changes: readonly number[], decimals: number): number[] {
  const step = 10 ** -decimals;
  const sizes = changes.filter((one) => one !== 0).map(Math.abs);
  const limits = naturalLimits(sizes, SIDE).filter((limit) => limit > step);
  const less = limits.toReversed().map((limit) => roundTo(step - limit, decimals));
  return [Number.NEGATIVE_INFINITY, ...less, 0, ...limits];
}

/** As many days, right before. */
export function daysBefore({ from, to }: Days): Days {
  const nDays = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  return { from: daysAfter(from, -nDays), to: daysAfter(from, -1) };
}

/** The same days of the year before; of 29 February the 28th. */
export function yearBefore({ from, to }: Days): Days {
  return { from: lastYear(from), to: lastYear(to) };
}

function lastYear(day: string): string {
  const [year = "", ...rest] = day.split("-");
  const date = rest.join("-");
  return `${String(Number(year) - 1).padStart(4, "0")}-${date === "02-29" ? "02-28" : date}`;
}
