import { number, object, orElse, orNull, type Told, text, truth } from "./parse";

/**
 * One figure with what it is made of. All three numbers are `null` when it is not known, or not told to the public;
 * `value` alone is when there is nothing to divide by.
 */
export type Figure = Told<"Figure", "numerator" | "denominator" | "value" | "withheld">;

export type Period = Told<"Period", "from" | "to">;

export const UNKNOWN: Figure = { numerator: null, denominator: null, value: null, withheld: false };

export const readFigure = object<Figure>({
  numerator: orNull(number),
  denominator: orNull(number),
  value: orNull(number),
  withheld: orElse(truth, false),
});

export const readPeriod = object<Period>({ from: text, to: text });

/** How many homes an area should have. */
export type Target = Told<"Target", "floor" | "target" | "ceiling">;

export const readTarget = object<Target>({ floor: number, target: number, ceiling: number });
