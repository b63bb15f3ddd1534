import { fields, list, maybe, number, text } from "./parse";

/**
 * One figure with what it is made of. All three numbers are `null` when it is not known, or not told to the public;
 * `value` alone is when there is nothing to divide by.
 */
export type Figure = {
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  withheld: boolean;
};

export type Period = { from: string; to: string };

export const UNKNOWN: Figure = { numerator: null, denominator: null, value: null, withheld: false };

export function readFigure(value: unknown, where: string): Figure {
  const figure = fields(value, where);
  return {
    numerator: maybe(figure.numerator, `${where}.numerator`, number),
    denominator: maybe(figure.denominator, `${where}.denominator`, number),
    value: maybe(figure.value, `${where}.value`, number),
    withheld: figure.withheld === true,
  };
}

export function readPeriod(value: unknown, where: string): Period {
  const period = fields(value, where);
  return { from: text(period.from, `${where}.from`), to: text(period.to, `${where}.to`) };
}

/** A list of texts. */
export function texts(value: unknown, where: string): string[] {
  return list(value ?? [], where, text);
}
