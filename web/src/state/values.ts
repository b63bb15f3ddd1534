/**
 * How figures and the limits of classes are written. Every text of a figure comes from here: on the screen, in the
 * legend, in pictures, on paper and in tables.
 *
 * What is written says which class it is in: a class from 0.26 to 0.39 holds what is written 0.26, 0.39 and between, and
 * nothing else, since `classify` sorts values as they are written.
 */
import type { Figure } from "../api/figures";
import type { Estimate } from "../api/hotspots";
import { CHANGE_METRIC, changeDecimals, changeOf } from "./change";
import { type Classes, isFixed, type Rule, roundTo } from "./classes";
import { leastDecimals, type Metric, measureOf, PERCENT } from "./metrics";
import { words } from "./page";
import { count, filled, fixed, ground } from "./text";

/** A value of a metric, with what it counts in. What is more than none is not written as 0, nor what is less than all as 100 %. */
export function valueText(metric: Metric, value: number, decimals = leastDecimals(metric)): string {
  if (metric.ramp === "change") return signed(metric, value, decimals);
  if (isYesOrNo(metric)) return value > 0 ? words.value.legend_flag : words.value.legend_none_fault;
  if (value === 0 || (isShare(metric) && value === 1)) return withUnit(metric, digits(metric, value, 0));
  const written = roundTo(value, decimals);
  const least = 10 ** -decimals;
  if (written === 0) return withUnit(metric, `< ${digits(metric, least, decimals)}`);
  if (isShare(metric) && written === 1) return withUnit(metric, `> ${digits(metric, 1 - least, decimals)}`);
  return withUnit(metric, digits(metric, written, decimals));
}

/** The values of a class, both ends included. The last of those that were set has no upper end. */
export function limitsText(metric: Metric, { classes, decimals }: Classes, place: number, rule: Rule): string {
  const { from, to } = classes[place] ?? { from: 0, to: 0 };
  const [isLast, least] = [place === classes.length - 1, 10 ** -decimals];
  const end = isLast ? to : roundTo(to - least, decimals);
  const write = (limit: number) => digits(metric, limit, decimals);
  if (metric.ramp === "change") {
    // No change is in none of them.
    const [low, high] = [Math.max(from, from === 0 ? least : from), end].map((limit) =>
      signed(metric, limit, decimals),
    );
    if (place === 0) return `≤ ${high}`;
    return isLast ? `≥ ${low}` : low === high ? `${low}` : `${low} – ${high}`;
  }
  if (isLast && isFixed(rule)) return withUnit(metric, `≥ ${write(from)}`);
  // What is rounded to all of it may be a little less.
  if (isShare(metric) && from === 1) return withUnit(metric, `> ${write(1 - least)}`);
  const isBelow = rule.zeroIsNone || (end === 0 && decimals > 0);
  if (from === 0 && isBelow) return withUnit(metric, `< ${write(roundTo(end + least, decimals))}`);
  return withUnit(metric, from === end ? write(from) : `${write(from)}–${write(end)}`);
}

/** How much more or less, with its sign; the minus is as wide as the plus. */
function signed(metric: Metric, value: number, decimals: number): string {
  const written = roundTo(value, decimals);
  const sign = written === 0 ? "" : written < 0 ? "−" : "+";
  return sign + digits(metric, Math.abs(written), decimals);
}

/** What stands where a value would: the value itself, or why there is none. */
export function figureText(metric: Metric, value: number | null, figure: Figure, decimals?: number): string {
  return value === null ? missingText(figure) : valueText(metric, value, decimals);
}

/** A share of 1 in percent. */
export function percent(share: number, decimals?: number): string {
  return valueText(SHARE, share, decimals);
}

const SHARE: Metric = { code: "share", unit: "share", ramp: "sequential" };

/** Why a figure has no value. */
export function missingText({ denominator, withheld }: Figure): string {
  if (denominator === 0) return words.value.legend_nothing;
  return withheld ? words.value.notShown : words.value.unknown;
}

/** What a figure is made of: `291 / 305`; ground in square kilometres. */
export function partsText({ unit }: Metric, figure: Figure): string {
  const { numerator, denominator } = figure;
  if (numerator === null || denominator === null) return missingText(figure);
  const amount = unit === "ground" ? ground : count;
  return `${amount(numerator)} / ${amount(denominator)}`;
}

/** A rate with its interval, and what it is smoothed. */
export function estimateTexts(metric: Metric, figure: Figure, estimate: Estimate): string[] {
  const { low, high, confidence, smoothed } = estimate;
  const [from, to] = [valueText(metric, low), valueText(metric, high)];
  const rate = figureText(metric, measureOf(metric, figure), figure);
  return [
    filled(words.value.interval, { rate, confidence: percent(confidence, PERCENT), from, to }),
    filled(words.value.smoothed, { n: valueText(metric, smoothed) }),
  ];
}

/** What is counted in homes and incidents, which the public is given in round numbers. */
const COUNTS: ReadonlySet<Metric["unit"]> = new Set(["homes", "count", "per_100", "share"]);

/**
 * What areas add up to. Of one that is withheld or not known nobody says how much it adds, nor what was rounded down: the
 * rest is at least so much, and no rate.
 */
export function sumText(metric: Metric, figures: readonly Figure[], isRounded = false): string {
  const missing = figures.filter(({ numerator }) => numerator === null);
  const why = missing.find(({ withheld }) => withheld) ?? missing[0];
  const sum = sumOf(metric, figures);
  if (why && missing.length === figures.length) return missingText(why);
  const counted = metric.unit === "ground" ? ground(sum.numerator) : count(sum.numerator);
  if (why) {
    return filled(words.value.sumAtLeast, { sum: counted, n: count(missing.length), why: missingText(why) });
  }
  if (isRounded && COUNTS.has(metric.unit)) return filled(words.value.sumRounded, { sum: counted });
  if (sum.denominator === null) return counted;
  if (metric.unit === "homes") return `${counted} · ${words.value.card_target} ${count(sum.denominator)}`;
  if (sum.value === null) return missingText(sum);
  const parts = partsText(metric, sum);
  return metric.unit === "flag" || metric.unit === "count" ? parts : `${valueText(metric, sum.value)} · ${parts}`;
}

/** How many there were and are, and the change of the rate. */
export function changeText(now: Figure, before: Figure): string {
  const change = changeOf(now, before);
  const counts = `${countText(before.numerator)} → ${countText(now.numerator)}`;
  return change === null ? counts : `${counts} · ${valueText(CHANGE_METRIC, change, changeDecimals([change]))}`;
}

/** The sum of what is known of figures; it has a denominator where each of them has. */
export function sumOf({ unit }: Metric, figures: readonly Figure[]): Figure & { numerator: number } {
  const add = (part: "numerator" | "denominator") => figures.reduce((sum, figure) => sum + (figure[part] ?? 0), 0);
  const numerator = add("numerator");
  const denominator = figures.every((figure) => figure.denominator !== null) ? add("denominator") : null;
  const value = denominator ? ((unit === "per_100" ? 100 : 1) * numerator) / denominator : null;
  return { numerator, denominator, value, withheld: false };
}

/** A count that may be withheld; it is never written as 0 then. */
export function countText(n: number | null): string {
  return n === null ? words.value.notShown : count(n);
}

/** Tells whether a metric has no number to write: there is a fault or there is none. Weeks are counted. */
export function isYesOrNo({ unit, code }: Metric): boolean {
  return unit === "flag" && code !== "week";
}

function isShare({ unit }: Metric): boolean {
  return unit === "share" || unit === "ground";
}

function withUnit(metric: Metric, text: string): string {
  return isShare(metric) ? `${text} %` : text;
}

/** A number that has no more than so many decimals; a share in percent. */
function digits(metric: Metric, value: number, decimals: number): string {
  if (!isShare(metric)) return fixed(value, decimals);
  const fraction = Math.max(0, decimals - PERCENT);
  return fixed(roundTo(value * 100, fraction), fraction);
}
