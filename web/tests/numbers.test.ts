/** Numbers as the page writes them, against `Intl`. */
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { roundTo } from "../src/state/classes";

let text: typeof import("../src/state/text");

beforeAll(async () => {
  vi.stubGlobal("location", { search: "", pathname: "/" });
  text = await import("../src/state/text");
});

const numbers = fc.oneof(
  fc.integer({ min: -1e12, max: 1e12 }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 200),
);

test("numbers have the thousands and decimals of Intl, rounded as class limits are", () => {
  for (const decimals of [0, 1, 2, 4]) {
    const intl = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const alike = fc.property(numbers, (n) => {
      expect(text.fixed(n, decimals)).toBe(intl.format(roundTo(n, decimals)));
    });
    fc.assert(alike, { numRuns: 2000 });
  }
  const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
  const alike = fc.property(numbers, (n) => {
    expect(text.count(n)).toBe(counts.format(roundTo(n, 2)));
  });
  fc.assert(alike, { numRuns: 2000 });
});
