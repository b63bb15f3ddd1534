/**
 * How numbers are written, in both languages alike. By hand: a browser's own formats cost it 20 ms before their first
 * number, and all that the panels show is numbers.
 */

/** A number with its thousands apart: rounded to `most` digits after the point, of which the first `least` always show. */
export function written(value: number, most: number, least = 0): string {
  const [whole = "", rest = ""] = shifted(Math.round(shifted(value, most)), -most)
    .toFixed(most)
    .split(".");
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const digits = rest.replace(/0+$/, "").padEnd(least, "0");
  return digits === "" ? apart : `${apart}.${digits}`;
}

/** A share of 1, in percent. */
export function writtenPercent(share: number, most: number, least = 0): string {
  return `${written(shifted(share, 2), most, least)} %`;
}

/** Moves the point of a number as it is written: a product may be off by a last bit, and round the wrong way. */
function shifted(value: number, by: number): number {
  const [digits, exponent = 0] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + by}`);
}
