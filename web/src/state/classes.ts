/** How many colours areas with homes are told apart by. */
export const N_CLASSES = 5;

/** A span of values, both ends included, drawn in one colour. */
export type Class = { from: number; to: number; nAreas: number };

/** What the colours mean: areas without a single home, and the rest in classes of rising value. */
export type Classes = { nNone: number; nUnknown: number; classes: Class[] };

/**
 * Sorts whole numbers into at most {@link N_CLASSES} classes of about as many areas each, with round limits.
 *
 * Zero is a class of its own ("none"), never the low end of a colour.
 */
export function classify(values: readonly (number | null)[]): Classes {
  const known = values.filter((value) => value !== null);
  const some = known.filter((value) => value > 0).sort((a, b) => a - b);
  const nNone = known.length - some.length;
  const nUnknown = values.length - known.length;
  const [least, most] = [some[0], some.at(-1)];
  if (least === undefined || most === undefined) return { nNone, nUnknown, classes: [] };
  const starts = [least];
  for (let n = 1; n < N_CLASSES; n++) {
    const start = round(some[Math.floor((n * some.length) / N_CLASSES)] ?? least);
    if (start > (starts.at(-1) ?? least) && start <= most) starts.push(start);
  }
  const classes = starts.map((from, n) => {
    const to = (starts[n + 1] ?? most + 1) - 1;
    return { from, to, nAreas: some.filter((value) => value >= from && value <= to).length };
  });
  return { nNone, nUnknown, classes };
}

/** Which class a value is in: its place, `"none"` for zero, `null` when it is not known. */
export function classOf(value: number | null, { classes }: Classes): number | "none" | null {
  if (value === null) return null;
  if (value === 0) return "none";
  return classes.findLastIndex((one) => value >= one.from);
}

/** Rounds to a number that is easy to read: 33 to 35, 148 to 150, 3712 to 3500. */
function round(value: number): number {
  if (value < 10) return value;
  const unit = 10 ** Math.floor(Math.log10(value));
  const step = value / unit < 2 ? unit / 10 : unit / 2;
  return Math.round(value / step) * step;
}
