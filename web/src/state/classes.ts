/**
 * Sorts the values of areas into classes of rising value, each drawn in one colour.
 *
 * A class holds the values from its `from` up to, not including, the next one's; the last holds the greatest value too.
 */
export const METHODS = ["target", "quantile", "equal", "natural", "manual"] as const;
export type Method = (typeof METHODS)[number];

/** From `from` up to `to`; only the last class includes its `to`. */
export type Class = { from: number; to: number; nAreas: number };

export type Classes = {
  classes: readonly Class[];
  /** Areas whose value is 0 where 0 means that there is nothing: a class of their own, never the low end of a colour. */
  nNone: number;
  /** Areas whose value is not known, or not told to the public. */
  nUnknown: number;
};

export type Rule = {
  method: Method;
  /** How many classes are wished for. Fewer come out when there are fewer different values. */
  n: number;
  /** The inner limits for `manual` and `target`. */
  limits: readonly number[];
  /** 0 is a class of its own. */
  zeroIsNone: boolean;
};

/** Where a value stands: the place of its class, `"none"`, or `null` when it is not known. */
export type Place = number | "none" | null;

export function classify(values: readonly (number | null)[], rule: Rule): Classes {
  const known = values.filter((value) => value !== null);
  const some = known.filter((value) => !(rule.zeroIsNone && value === 0)).sort((a, b) => a - b);
  const [least, most] = [some[0], some.at(-1)];
  const nNone = known.length - some.length;
  const nUnknown = values.length - known.length;
  if (least === undefined || most === undefined) return { classes: [], nNone, nUnknown };
  const fixed = rule.method === "manual" || rule.method === "target";
  // Limits that a reader or a rule set keep their classes, even those that no area is in.
  const limits = fixed ? sorted(rule.limits) : limitsOf(some, rule).filter((limit) => limit > least && limit <= most);
  const starts = fixed && limits[0] !== undefined && limits[0] <= least ? limits : [least, ...limits];
  const classes = starts.map((from, n) => ({ from, to: starts[n + 1] ?? Math.max(most, from), nAreas: 0 }));
  for (const value of some) {
    const place = placeAmong(value, classes);
    const found = classes[place];
    if (found) found.nAreas++;
  }
  return { classes, nNone, nUnknown };
}

export function placeOf(value: number | null, { classes }: Classes, zeroIsNone: boolean): Place {
  if (value === null) return null;
  if (zeroIsNone && value === 0) return "none";
  return placeAmong(value, classes);
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

/** More different values than this are thinned out first: the method below costs their square. */
const MAX_DISTINCT = 400;

/**
 * Natural breaks (Fisher's exact optimum of Jenks' criterion): the classes whose values lie nearest to their own means,
 * by the sum of squares.
 */
export function naturalLimits(some: readonly number[], n: number): number[] {
  const distinct = thinned([...new Set(some)]);
  const nClasses = Math.min(n, distinct.length);
  const weights = weightsOf(some, distinct);
  const cost = costs(distinct, weights);
  // best[k][j]: the least cost of the first j values in k + 1 classes; from[k][j]: where the last of these begins.
  let best = distinct.map((_, j) => cost(0, j));
  const from: number[][] = [distinct.map(() => 0)];
  for (let k = 1; k < nClasses; k++) {
    const starts: number[] = [];
    const next = distinct.map((_, j) => {
      let least = Number.POSITIVE_INFINITY;
      starts[j] = k;
      for (let start = k; start <= j; start++) {
        const total = (best[start - 1] ?? 0) + cost(start, j);
        if (total < least) [least, starts[j]] = [total, start];
      }
      return least;
    });
    best = next;
    from.push(starts);
  }
  const limits: number[] = [];
  let last = distinct.length - 1;
  for (let k = nClasses - 1; k > 0; k--) {
    const start = from[k]?.[last] ?? 0;
    limits.unshift(distinct[start] ?? 0);
    last = start - 1;
  }
  return limits;
}

/** Every so many-th of the values, with the first and the last. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= MAX_DISTINCT) return [...values];
  const step = (values.length - 1) / (MAX_DISTINCT - 1);
  return Array.from({ length: MAX_DISTINCT }, (_, n) => values[Math.round(n * step)] ?? 0);
}

/** How many of all values each kept one stands for. */
function weightsOf(some: readonly number[], kept: readonly number[]): number[] {
  const weights = kept.map(() => 0);
  let at = 0;
  for (const value of some) {
    while (value > (kept[at] ?? value)) at++;
    weights[at] = (weights[at] ?? 0) + 1;
  }
  return weights;
}

/** Gives the sum of squares about the mean of the values from one place to another, both included. */
function costs(values: readonly number[], weights: readonly number[]): (from: number, to: number) => number {
  const sums = [[0, 0, 0]];
  // Counted from the middle, since the squares of large numbers would leave no digits for their differences.
  const middle = values[Math.floor(values.length / 2)] ?? 0;
  values.forEach((value, n) => {
    const [count = 0, sum = 0, squares = 0] = sums[n] ?? [];
    const [weight, from] = [weights[n] ?? 0, value - middle];
    sums.push([count + weight, sum + weight * from, squares + weight * from * from]);
  });
  return (from, to) => {
    const [before, after] = [sums[from] ?? [], sums[to + 1] ?? []];
    const [count = 0, sum = 0, squares = 0] = after.map((value, n) => value - (before[n] ?? 0));
    return count === 0 ? 0 : squares - (sum * sum) / count;
  };
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
