import { type ApiQuery, address, ask } from "./client";
import { type Figure, type Period, readFigure, readPeriod, readTarget, type Target, UNKNOWN } from "./figures";
import { listOf, mapOf, number, object, orElse, orNull, text } from "./parse";

/** One area with its figures, by the names the server gives them (`homes`, `without_leader`, `closed_at_village` …). */
export type CoverageRow = {
  id: string;
  code: string;
  name: string | null;
  parent: string | null;
  areaM2: number | null;
  missingRoles: readonly string[];
  figures: Readonly<Record<string, Figure>>;
};

/** How well the areas of one level cover their parent. */
export type Coverage = {
  at: string;
  level: string;
  period: Period | null;
  /** Smaller counts are withheld; `null` where nothing is. */
  minimum: number | null;
  householdTarget: Target | null;
  requiredRoles: readonly string[];
  /** The levels that may have settled an incident, from the top down. */
  tiers: readonly string[];
  total: CoverageRow;
  /** By code. */
  rows: readonly CoverageRow[];
};

/** What incidents are. */
export const KINDS = [
  "dispute",
  "hazard",
  "unrest",
  "request",
] as const satisfies readonly ApiQuery<"/coverage">["kind"][];
export type Kind = (typeof KINDS)[number];

/** Which areas, and which incidents are counted in them. */
export type CoverageQuestion = {
  level: string;
  parent: string | null;
  kind: Kind | null;
  /** `2024-01-01/2024-06-30`; an open end is `..`. */
  datetime: string | null;
};

export function coverageAddress(question: CoverageQuestion, form: "json" | "csv" = "json"): string {
  return address("/coverage", { ...question, f: form === "csv" ? form : null });
}

export function askCoverage(question: CoverageQuestion, signal: AbortSignal): Promise<Coverage> {
  return ask(coverageAddress(question), signal, (json) => read(json, "coverage"));
}

const readRow = object<CoverageRow>({
  id: text,
  code: text,
  name: orNull(text),
  parent: orNull(text),
  areaM2: orNull(number),
  missingRoles: orElse(listOf(text), []),
  figures: mapOf(readFigure),
});

const read = object<Coverage>({
  at: text,
  level: text,
  period: orNull(readPeriod),
  minimum: orNull(number),
  householdTarget: orNull(readTarget),
  requiredRoles: orElse(listOf(text), []),
  tiers: orElse(listOf(text), []),
  total: readRow,
  rows: listOf(readRow),
});

/**
 * How many homes stand in an area. Where a level has no target its `homes` are "none"; the homes that incidents are
 * counted against are then told without a target.
 */
export function homesOf({ figures }: CoverageRow): Figure {
  const { homes = UNKNOWN, incidents = UNKNOWN } = figures;
  if (homes.denominator !== 0) return homes;
  return { ...incidents, numerator: incidents.denominator, denominator: null, value: null };
}
