import type { Figure } from "../api/figures";
import type { Level } from "../api/region";

/** How a figure is read. */
export type Unit =
  /** A count of homes against how many there should be. */
  | "homes"
  /** A count of anything else. */
  | "count"
  /** A share of 1. */
  | "share"
  /** A share of the ground in square metres. */
  | "ground"
  /** 0 or 1: whether the area has a fault. */
  | "flag"
  /** So many per 100 homes. */
  | "per_100";

/** Which colours tell its values: from little to much, good to bad about a middle, the faults alone, or less to more. */
export type Ramp = "sequential" | "target" | "fault" | "heat" | "change";

export type Metric = { code: string; unit: Unit; ramp: Ramp };

/** With how many decimals a value is written at least: counts with none, rates with two, and so are shares in percent. */
export function leastDecimals({ unit }: Pick<Metric, "unit">): number {
  if (isCount(unit)) return 0;
  return unit === "per_100" ? 2 : PERCENT + 2;
}

/** A share has so many decimals more than it has as a percentage. */
export const PERCENT = 2;

/** What the areas of the coverage view can be coloured by. A region's tiers add one each, see {@link metricOf}. */
export const METRICS: readonly Metric[] = [
  { code: "homes", unit: "homes", ramp: "target" },
  { code: "without_leader", unit: "flag", ramp: "fault" },
  { code: "lacking_roles", unit: "flag", ramp: "fault" },
  { code: "without_grid", unit: "share", ramp: "fault" },
  { code: "uncovered", unit: "ground", ramp: "fault" },
  { code: "overlap", unit: "ground", ramp: "fault" },
  { code: "incidents", unit: "per_100", ramp: "heat" },
  { code: "resolved", unit: "share", ramp: "sequential" },
];

/** The share of incidents that was settled at a level. */
export const CLOSED_AT = "closed_at_";

/** The metric with a code; the first one when there is none. */
export function metricOf(code: string | null): Metric {
  if (code?.startsWith(CLOSED_AT)) return { code, unit: "share", ramp: "sequential" };
  return METRICS.find((one) => one.code === code) ?? (METRICS[0] as Metric);
}

/**
 * The figures that areas are coloured and ranked by; `null` where the metric is none of a region with these `levels`, as in a
 * hand-edited link: it cannot be asked for by name.
 */
export function figuresOf({ code }: Metric, levels: readonly Level[]): string[] | null {
  if (code.startsWith(CLOSED_AT) && !levels.some((one) => CLOSED_AT + one.code === code)) return null;
  return [code];
}

function isCount(unit: Unit): boolean {
  return unit === "homes" || unit === "count" || unit === "flag";
}

/** The number an area is coloured and ranked by. Homes are counted; whether they are too many, the limits say. */
export function measureOf({ unit }: Metric, figure: Figure | undefined): number | null {
  if (!figure) return null;
  if (isCount(unit)) return figure.numerator;
  const { numerator, denominator, value } = figure;
  // The server rounds; what it rounds to nothing is still more than none.
  if (value !== 0 || !numerator || !denominator) return value;
  return (unit === "per_100" ? 100 : 1) * (numerator / denominator);
}
