// @vitest-environment node
/** How one span of days differs from another: the classes, their texts and the days. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { search: "?lang=en", pathname: "/", href: "http://here/" });

const { CHANGE_METRIC, changeDecimals, changeLimits, changeOf, daysBefore, yearBefore } = await import(
  "../src/state/change"
);
const { classify, placeOf, roundTo } = await import("../src/state/classes");
const { changeText, limitsText, valueText } = await import("../src/state/values");

const figure = fc
  .tuple(fc.nat(40), fc.integer({ min: 1, max: 3000 }))
  .map(([numerator, denominator]) => ({ numerator, denominator, value: null, withheld: false }));

const number = (text: string) => Number(text.replace("−", "-").replaceAll(",", ""));

/** What a class says of itself: its least and its greatest value, as they are written. */
function span(text: string): [number, number] {
  if (text.startsWith("≤ ")) return [Number.NEGATIVE_INFINITY, number(text.slice(2))];
  if (text.startsWith("≥ ")) return [number(text.slice(2)), Number.POSITIVE_INFINITY];
  const [low = "", high = low] = text.split(" – ");
  return [number(low), number(high)];
}

test("each change as it is written lies in its class as that is written, and equal changes of either sign in classes alike", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(figure, fc.nat(40)), { minLength: 1, maxLength: 60 }), (all) => {
      const raw = all.map(([now, n]) => changeOf(now, { ...now, numerator: n }) ?? 0);
      const decimals = changeDecimals(raw);
      const changes = raw.map((one) => roundTo(one, decimals));
      const limits = changeLimits(changes, decimals);
      const rule = { method: "target" as const, n: 0, limits, zeroIsNone: true, decimals };
      const classes = classify(changes, rule);
      const none = changes.filter((change) => placeOf(change, classes, true) === "none");
      expect(none).toHaveLength(all.filter(([now, n]) => now.numerator === n).length);
      for (const change of changes.filter((one) => one !== 0)) {
        const [place, opposite] = [placeOf(change, classes, true), placeOf(-change, classes, true)];
        expect(place).toBe(classes.classes.length - 1 - Number(opposite));
        const [low, high] = span(limitsText(CHANGE_METRIC, classes, Number(place), rule));
        const written = number(valueText(CHANGE_METRIC, change, classes.decimals));
        expect(written).toBeGreaterThanOrEqual(low);
        expect(written).toBeLessThanOrEqual(high);
        expect(Math.sign(written)).toBe(Math.sign(change));
      }
    }),
    { numRuns: 500, seed: 12 },
  );
});

test("what is not told gives no change", () => {
  const [told, withheld] = [
    { numerator: 8, denominator: 50, value: 16, withheld: false },
    { numerator: null, denominator: null, value: null, withheld: true },
  ];
  expect(changeOf(told, withheld)).toBe(null);
  expect(changeOf(withheld, told)).toBe(null);
  expect(changeOf({ ...told, denominator: 0 }, told)).toBe(null);
});

test("a sum says how many there were and are, and the change of the rate", () => {
  const told = (numerator: number) => ({ numerator, denominator: 500, value: null, withheld: false });
  expect(changeText(told(12), told(8))).toBe("8 → 12 · +0.80");
  expect(changeText(told(8), told(12))).toBe("12 → 8 · −0.80");
});

test("other days are as many right before, or the same a year before", () => {
  expect(daysBefore({ from: "2024-03-01", to: "2024-03-31" })).toEqual({ from: "2024-01-30", to: "2024-02-29" });
  expect(yearBefore({ from: "2024-02-01", to: "2024-02-29" })).toEqual({ from: "2023-02-01", to: "2023-02-28" });
});
