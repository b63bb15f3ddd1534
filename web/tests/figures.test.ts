// @vitest-environment node
/** What is written of a figure, read back as a reader would. */
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { classify, METHODS, type Method, placeOf, type Rule, roundTo } from "../src/state/classes";
import { leastDecimals, type Metric, type Unit } from "../src/state/metrics";

vi.setConfig({ testTimeout: 120_000 });
vi.stubGlobal("location", { search: "?lang=en", pathname: "/", href: "http://here/", origin: "http://here" });

let written: typeof import("../src/state/values");
beforeAll(async () => {
  written = await import("../src/state/values");
}, 60_000);

const metric = (unit: Unit, code = "x"): Metric => ({ code, unit, ramp: "heat" });

/** The numbers that a text says, lowest and highest; `< 3` says all below 3 and `≥ 3` all from 3 up. */
function read(text: string): { least: number; most: number; isBelow: boolean; isAbove: boolean } {
  const numbers = (text.match(/[\d,]+(\.\d+)?/g) ?? []).map((part) => Number(part.replaceAll(",", "")));
  const [least = Number.NaN, most = least] = numbers;
  return { least, most, isBelow: text.startsWith("<"), isAbove: text.startsWith(">") || text.startsWith("≥") };
}

/** Tells whether the text of a class holds what is written of a value. */
function holds(classText: string, valueText: string): boolean {
  const [span, value] = [read(classText), read(valueText)];
  const number = value.least + (value.isAbove ? 1e-12 : value.isBelow ? -1e-12 : 0);
  if (span.isBelow) return number < span.least;
  return number >= span.least && (span.isAbove || number <= span.most);
}

/** More decimals than the server gives. */
const fine = (most: number) => fc.integer({ min: 0, max: most * 1e8 }).map((n) => n / 1e8);

const VALUES: Record<Exclude<Unit, "flag">, fc.Arbitrary<number>> = {
  homes: fc.integer({ min: 0, max: 1_000_000 }),
  count: fc.integer({ min: 0, max: 200_000 }),
  per_100: fc.oneof(
    fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 60_000 })).map(([n, of]) => Math.round((1e6 * n) / of) / 1e4),
    fine(20),
  ),
  share: fc.oneof(
    fc.tuple(fc.nat(400), fc.nat(400)).map(([n, more]) => (n + more === 0 ? 0 : n / (n + more))),
    fine(1),
  ),
  ground: fine(1),
};

const unit = fc.constantFrom("homes", "count", "per_100", "share", "ground") as fc.Arbitrary<keyof typeof VALUES>;

/** A column of figures, near to each other or not, some of them withheld, with a rule for its classes. */
const column = unit.chain((one) =>
  fc.record({
    unit: fc.constant(one),
    values: fc.array(fc.oneof({ weight: 9, arbitrary: VALUES[one] }, { weight: 1, arbitrary: fc.constant(null) }), {
      minLength: 1,
      maxLength: 60,
    }),
    method: fc.constantFrom(...METHODS) as fc.Arbitrary<Method>,
    n: fc.integer({ min: 2, max: 7 }),
    limits: fc.uniqueArray(
      VALUES[one].map((value) => roundTo(value, leastDecimals({ unit: one }))),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    zeroIsNone: fc.boolean(),
  }),
);

test("each value is written in the text of the class it is painted in, and of no other", () => {
  fc.assert(
    fc.property(column, ({ unit, values, method, n, limits, zeroIsNone }) => {
      const shown = metric(unit);
      const rule: Rule = { method, n, limits, zeroIsNone, decimals: leastDecimals(shown) };
      const classes = classify(values, rule);
      const texts = classes.classes.map((_, at) => written.limitsText(shown, classes, at, rule));
      expect(new Set(texts).size, String(texts)).toBe(texts.length);
      for (const value of values) {
        const at = placeOf(value, classes, zeroIsNone);
        if (value === null || typeof at !== "number") continue;
        const text = written.valueText(shown, value, classes.decimals);
        const inWhich = texts.flatMap((one, place) => (holds(one, text) ? [place] : []));
        expect(inWhich, `${text} (${value}) in ${texts}`).toEqual([at]);
      }
    }),
    { seed: 12, numRuns: 1000 },
  );
});

test("a text read back is the number held, to its last digit, and none and all are written for nothing else", () => {
  fc.assert(
    fc.property(column, ({ unit, values, method, n, limits, zeroIsNone }) => {
      const shown = metric(unit);
      const { decimals } = classify(values, { method, n, limits, zeroIsNone, decimals: leastDecimals(shown) });
      const scale = unit === "share" || unit === "ground" ? 100 : 1;
      for (const value of values) {
        if (value === null) continue;
        const text = written.valueText(shown, value, decimals);
        const { least, isBelow, isAbove } = read(text);
        if (isBelow) expect(value * scale, text).toBeLessThan(least);
        else if (isAbove) expect(value * scale, text).toBeGreaterThan(least);
        else expect(Math.abs(least - value * scale), text).toBeLessThanOrEqual(scale * 10 ** -decimals * 0.500001);
        expect(/^0( %)?$/.test(text), text).toBe(value === 0);
        expect(scale === 100 && text === "100 %", text).toBe(scale === 100 && value === 1);
      }
    }),
    { seed: 12, numRuns: 1000 },
  );
});

test("near values keep their classes, and limits the digits that tell them apart", () => {
  const rates = [0.0712, 0.0733, 0.0747, 0.0989, 0.1429, 0.1487, 0.1575, 0.1576, 0.1876, 0.207, 0.2331, 0.2551, 0.3578];
  const texts = (values: readonly number[], method: Method, n = 5) => {
    const rule: Rule = { method, n, limits: [], zeroIsNone: true, decimals: 2 };
    const classes = classify(values, rule);
    return classes.classes.map((_, at) => written.limitsText(metric("per_100"), classes, at, rule));
  };
  expect(texts(rates, "natural")).toEqual(["0.07–0.13", "0.14–0.18", "0.19–0.22", "0.23–0.35", "0.36"]);
  expect(texts([2.311, 2.313, 2.316, 2.318], "quantile", 4)).toEqual([
    "2.311–2.312",
    "2.313–2.315",
    "2.316–2.317",
    "2.318",
  ]);
  expect(texts([0.001, 0.004, 5, 9], "equal", 2)).toEqual(["< 4.50", "4.50–9.00"]);
});

test("what is withheld is said to be, and never 0", () => {
  const withheld = { numerator: null, denominator: null, value: null, withheld: true };
  expect(written.figureText(metric("per_100"), null, withheld)).toBe("Withheld");
  expect(written.partsText(metric("per_100"), withheld)).toBe("Withheld");
  expect(written.countText(null)).toBe("Withheld");
  expect(written.missingText({ ...withheld, withheld: false })).toBe("Not known");
  expect(written.missingText({ numerator: 0, denominator: 0, value: null, withheld: false })).toBe("Does not apply");
});
