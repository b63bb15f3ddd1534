import { describe, expect, it } from "vitest";
import { written, writtenPercent } from "../src/state/numbers";

/** The same by the browser's own formats, which round what is written as well. */
function byIntl(style: "decimal" | "percent", most: number, least: number): (value: number) => string {
  const format = new Intl.NumberFormat("en-US", { style, minimumFractionDigits: least, maximumFractionDigits: most });
  return (value) => format.format(value).replace("%", " %");
}

/** Numbers of every size, those right between two roundings among them. */
const VALUES = [
  0,
  1e-9,
  0.000_05,
  0.005,
  0.1235,
  0.5,
  0.995,
  1,
  1.005,
  8.35,
  99.95,
  999.999,
  1000,
  1e6 + 0.125,
  1e15,
].concat(Array.from({ length: 2000 }, (_, n) => Number(((n * n * 7919 + n) / 1e5).toPrecision(2 + (n % 8)))));

describe("numbers are written", () => {
  it("as by the browser's own formats", () => {
    for (const [most, least] of [
      [2, 0],
      [1, 0],
      [2, 2],
      [0, 0],
    ] as const) {
      const [decimal, percent] = [byIntl("decimal", most, least), byIntl("percent", most, least)];
      for (const value of VALUES) {
        expect(written(value, most, least), `${value}`).toBe(decimal(value));
        expect(writtenPercent(value, most, least), `${value}`).toBe(percent(value));
      }
    }
  });

  it("with their thousands apart, and no more digits than they have", () => {
    expect(written(1234567.5, 2)).toBe("1,234,567.5");
    expect(written(999.996, 2)).toBe("1,000");
    expect(writtenPercent(0.0714, 2, 2)).toBe("7.14 %");
  });
});
