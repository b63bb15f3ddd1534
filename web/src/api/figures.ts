import { number, object, orNull, text } from "./parse";

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

export const readFigure = object<Figure>({
  numerator: orNull(number),
  denominator: orNull(number),
  value: orNull(number),
  withheld: (value) => value === true,
});

export const readPeriod = object<Period>({ from: text, to: text });

/** How many homes an area should have. */
export type Target = { floor: number; target: number; ceiling: number };

export const readTarget = object<Target>({ floor: number, target: number, ceiling: number });
