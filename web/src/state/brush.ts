/** Which weeks are counted: the days of the filter as weeks of the timeline, and back. */
import type { Week } from "../api/hotspots";
import { daysAfter } from "./days";
import { filterInForce } from "./measured";
import { filter, show } from "./page";

/** Tells which weeks have days that are counted. */
export function isCounted(weeks: readonly Week[]): (n: number) => boolean {
  const { from, to } = filterInForce.value;
  return (n) => {
    const [start = "", end = "9"] = [weeks[n]?.from, weeks[n + 1]?.from];
    return (from === null || end > from) && (to === null || start <= to);
  };
}

/** Counts the weeks from one to another, both included; all of them are no filter. */
export function countWeeks(weeks: readonly Week[], first: number, last: number): void {
  const [start, next] = [weeks[first]?.from, weeks[last + 1]?.from];
  const from = first === 0 ? null : (start ?? null);
  show({ filter: { ...filter.value, from, to: next === undefined ? null : daysAfter(next, -1) } });
}
