import { expect, test } from "vitest";
import { type Classes, classify, type Method, naturalLimits, placeOf, type Rule } from "../src/state/classes";

const rule = (method: Method, n = 5, limits: number[] = [], zeroIsNone = true, decimals = 4): Rule => ({
  method,
  n,
  limits,
  zeroIsNone,
  decimals,
});

/** How many of some values are in each class. */
function counts(values: readonly number[], classes: Classes): number[] {
  const places = values.map((value) => placeOf(value, classes, true));
  return classes.classes.map((_, at) => places.filter((one) => one === at).length);
}

const VALUES = Array.from({ length: 770 }, (_, n) => 3 + ((n * 37) % 287));

test.each(["quantile", "equal", "natural"] as const)("%s classes hold every value once", (method) => {
  const classes = classify(VALUES, rule(method));
  expect(classes.classes).toHaveLength(5);
  expect(counts(VALUES, classes).reduce((sum, n) => sum + n, 0)).toBe(770);
  expect(classes.classes[0]?.from).toBe(3);
  expect(classes.classes.at(-1)?.to).toBe(289);
  expect(classes.classes.slice(1).map((one) => one.from)).toEqual(classes.classes.slice(0, -1).map((one) => one.to));
  for (const value of VALUES) {
    const at = Number(placeOf(value, classes, true));
    const { from, to } = classes.classes[at] ?? { from: 1, to: 0 };
    expect(value >= from && (value < to || at === 4)).toBe(true);
  }
});

test("quantile limits are round and its classes about as full", () => {
  const classes = classify(VALUES, rule("quantile"));
  for (const { from } of classes.classes.slice(1)) expect(from % 5).toBe(0);
  for (const n of counts(VALUES, classes).slice(1)) expect(Math.abs(n - 154)).toBeLessThan(50);
});

test.each([
  ["group sizes", [25, 26, 27, 28, 29, 30, 31, 32, 33, 34], 5],
  ["homes", [31, 32, 33, 34], 4],
  ["per 100", [2.31, 2.33, 2.36, 2.38], 4],
  ["share", [0.951, 0.954, 0.957, 0.959], 4],
])("values that lie close are parted before limits are rounded: %s", (_, values, nClasses) => {
  const classes = classify(values, rule("quantile"));
  expect(counts(values, classes)).toEqual(Array.from({ length: nClasses }, () => values.length / nClasses));
  expect(classify(values, rule("equal", nClasses)).classes).toHaveLength(nClasses);
});

const SHIFTED = Array.from({ length: 12 }, (_, n) => 1e9 + n);

test("large values are parted as small ones of the same distances are", () => {
  expect(naturalLimits(SHIFTED, 3)).toEqual([1e9 + 4, 1e9 + 8]);
  const drawn = (method: Method) => {
    const classes = classify(SHIFTED, rule(method, 3));
    const n = counts(SHIFTED, classes);
    return classes.classes.map(({ from }, at) => [from - 1e9, n[at]]);
  };
  expect(drawn("quantile")).toEqual([
    [0, 4],
    [4, 4],
    [8, 4],
  ]);
  expect(drawn("equal")).toEqual([
    [0, 4],
    [4, 3],
    [7, 5],
  ]);
});

test("equal classes are equally wide", () => {
  expect(classify([0, 10, 20, 100], rule("equal", 4, [], false)).classes.map((one) => one.from)).toEqual([
    0, 25, 50, 75,
  ]);
});

/** The least sum of squares about the means, by trying every division. */
function leastSquares(values: readonly number[], n: number): number {
  const cost = (part: readonly number[]) => {
    const mean = part.reduce((sum, one) => sum + one, 0) / part.length;
    return part.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  };
  if (n === 1) return cost(values);
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at <= values.length - n + 1; at++) {
    least = Math.min(least, cost(values.slice(0, at)) + leastSquares(values.slice(at), n - 1));
  }
  return least;
}

test.each([1, 2, 3, 4, 5])("natural breaks are the best of all divisions (%i)", (seed) => {
  let state = seed * 7919;
  const values = Array.from({ length: 14 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 50;
  }).sort((a, b) => a - b);
  for (const n of [2, 3, 4]) {
    const limits = naturalLimits(values, n);
    const parts = [...limits, Number.POSITIVE_INFINITY].map((to, k) =>
      values.filter((value) => value < to && value >= (limits[k - 1] ?? Number.NEGATIVE_INFINITY)),
    );
    const ours = parts.reduce((sum, part) => sum + leastSquares(part, 1), 0);
    expect(ours).toBeCloseTo(leastSquares(values, n), 9);
  }
});

test("natural breaks find the gaps", () => {
  expect(naturalLimits([1, 2, 3, 50, 51, 90, 91, 92], 3)).toEqual([50, 90]);
});

test("own limits keep their classes, even those without an area", () => {
  const classes = classify([5, 200], rule("manual", 0, [30, 65, 120]));
  expect(classes.classes.map(({ from }) => from)).toEqual([5, 30, 65, 120]);
  expect(counts([5, 200], classes)).toEqual([1, 0, 0, 1]);
});

test("zero is none and unknown is neither", () => {
  const classes = classify([0, 0, null, 7], rule("quantile"));
  expect(classes).toEqual({ classes: [{ from: 7, to: 7 }], decimals: 4 });
  expect([0, null, 7].map((value) => placeOf(value, classes, true))).toEqual(["none", null, 0]);
  expect(placeOf(0, classify([0, 1], rule("equal", 2, [], false)), false)).toBe(0);
});

test.each([
  [[], 0],
  [[0, 0], 0],
  [[50_000], 1],
  [[5, 5, 5, 5, 5, 5], 1],
  [[1, 2], 2],
])("few areas make few classes: %j", (values, nClasses) => {
  for (const method of ["quantile", "natural"] as const) {
    expect(classify(values, rule(method)).classes).toHaveLength(nClasses);
  }
});
