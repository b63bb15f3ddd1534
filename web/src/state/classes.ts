/**
 * Sorts the values of areas into classes of rising value, each drawn in one colour.
 *
 * A class holds the values from its `from` up to, not including, the next one's; the last holds the greatest value too.
 * Values are compared as they are written, with {@link Classes.decimals}: what a reader sees of a value and of the limits
 * says which class it is in. There are as many decimals as it takes for no value to change its class by that.
 */
import { ckmeans } from "simple-statistics";

export const METHODS = ["target", "quantile", "equal", "natural", "manual"] as const;
export type Method = (typeof METHODS)[number];

/** From `from` up to `to`; only the last class includes its `to`. */
export type Class = { from: number; to: number };

export type Classes = {
  classes: readonly Class[];
  /** With how many decimals values and limits are written. */
  decimals: number;
};

export type Rule = {
  method: Method;
  /** How many classes are wished for. Fewer come out when there are fewer different values. */
  n: number;
  /** The inner limits for `manual` and `target`. */
  limits: readonly number[];
  /** 0 means that there is nothing: such areas are apart, never at the low end of a colour. */
  zeroIsNone: boolean;
  /** With how many decimals values are written at least; 0 is for counts, which have none. */
  decimals: number;
};

/** The class of a value by its place among them, `"none"`, or `null` when the value is not known. */
export type Place = number | "none" | null;

/** Figures that are alike to so many decimals differ by their arithmetic alone. */
const MAX_DECIMALS = 9;

export function classify(values: readonly (number | null)[], rule: Rule): Classes {
  const known = values.filter((value) => value !== null);
  const some = known.filter((value) => !(rule.zeroIsNone && value === 0)).sort((a, b) => a - b);
  const [least, most] = [some[0], some.at(-1)];
  if (least === undefined || most === undefined) return { classes: [], decimals: rule.decimals };
  const starts = startsOf(some, least, most, rule);
  const decimals = decimalsFor(some, starts, rule);
  const written = sorted(starts.map((start) => roundTo(start, decimals)));
  const greatest = roundTo(most, decimals);
  const classes = written.map((from, n) => ({ from, to: written[n + 1] ?? Math.max(greatest, from) }));
  return { classes, decimals };
}

/** Tells whether the limits were set by a reader or a rule: such classes stay, even those that no area is in. */
export function isFixed({ method }: Pick<Rule, "method">): boolean {
  return method === "manual" || method === "target";
}

/** Where the classes begin. */
function startsOf(some: readonly number[], least: number, most: number, rule: Rule): number[] {
  const set = isFixed(rule);
  const found = set ? sorted(rule.limits) : limitsOf(some, rule).filter((limit) => limit > least && limit <= most);
  // Counts are whole: from 30.5 up is from 31 up.
  const limits = rule.decimals === 0 ? sorted(found.map(Math.ceil)) : found;
  return set && limits[0] !== undefined && limits[0] <= least ? limits : [least, ...limits];
}

/** The fewest decimals with which every value is written on its own side of every limit, and a set limit as it was set. */
function decimalsFor(some: readonly number[], starts: readonly number[], rule: Rule): number {
  if (rule.decimals === 0) return 0;
  const finest = some.map((value) => roundTo(value, MAX_DECIMALS));
  const inner = starts.slice(1).map((limit) => ({ limit, below: finest.findLast((value) => value < limit) }));
  const parts = (decimals: number) =>
    inner.every(({ limit, below }, n) => {
      const written = roundTo(limit, decimals);
      const before = roundTo(Math.max(below ?? Number.NEGATIVE_INFINITY, starts[n] ?? 0), decimals);
      return before < written && (!isFixed(rule) || written === limit);
    });
  for (let decimals = rule.decimals; decimals < MAX_DECIMALS; decimals++) if (parts(decimals)) return decimals;
  return MAX_DECIMALS;
}

/** A number with so many decimals. */
export function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

export function placeOf(value: number | null, { classes, decimals }: Classes, zeroIsNone: boolean): Place {
  if (value === null) return null;
  if (zeroIsNone && value === 0) return "none";
  return placeAmong(roundTo(value, decimals), classes);
}

function placeAmong(value: number, classes: readonly Class[]): number {
  return Math.max(
    0,
    classes.findLastIndex((one) => value >= one.from),
  );
}

function limitsOf(some: readonly number[], { method, n }: Rule): number[] {
  if (method === "equal") return equalLimits(some, n);
  if (method === "natural") return naturalLimits(some, n);
  // A rounder limit may move a tenth of a class, no more.
  return sorted(quantileLimits(some, n).map((limit) => readable(limit, some, some.length / n / 10)));
}

/** Rising limits, each once. */
function sorted(limits: readonly number[]): number[] {
  return [...new Set(limits)].sort((a, b) => a - b);
}

/** About as many areas in each class. */
function quantileLimits(some: readonly number[], n: number): number[] {
  return Array.from({ length: n - 1 }, (_, k) => some[Math.floor(((k + 1) * some.length) / n)] ?? 0);
}

/** Classes that are equally wide. */
function equalLimits(some: readonly number[], n: number): number[] {
  const [least = 0, most = 0] = [some[0], some.at(-1)];
  const step = (most - least) / n;
  const whole = some.every(Number.isInteger) && step >= 1;
  const limits = Array.from({ length: n - 1 }, (_, k) => least + step * (k + 1));
  // To a hundredth of the width of a class, however large the values are.
  const digits = Math.min(15, Math.max(0, 2 - Math.floor(Math.log10(step))));
  return sorted(limits.map((limit) => (whole ? Math.round(limit) : Number(limit.toFixed(digits)))));
}

/** Natural breaks: the classes whose values lie nearest to their own means, by the sum of squares. */
export function naturalLimits(some: readonly number[], n: number): number[] {
  const nClasses = Math.min(n, new Set(some).size);
  const parts = nClasses === 0 ? [] : ckmeans([...some], nClasses);
  return sorted(parts.slice(1).flatMap(([least]) => least ?? []));
}

/** Rounds a limit to a number that is easy to read, 33 to 35 or 148 to 150, where that moves few of the values to another class. */
function readable(limit: number, some: readonly number[], mostMoved: number): number {
  const rounded = some.every(Number.isInteger) ? wholes(limit) : [2, 3, 4].map((n) => Number(limit.toPrecision(n)));
  const nMoved = (to: number) =>
    some.filter((value) => value >= Math.min(limit, to) && value < Math.max(limit, to)).length;
  return rounded.find((to) => nMoved(to) <= mostMoved) ?? limit;
}

/** A whole number to half and to a tenth of its power of ten, the coarser first. */
function wholes(value: number): number[] {
  if (value < 10) return [value];
  const unit = 10 ** Math.floor(Math.log10(value));
  const steps = value / unit < 2 ? [unit / 10] : [unit / 2, unit / 10];
  return steps.map((step) => Math.round(value / step) * step);
}
