import { type ApiQuery, address, ask } from "./client";
import { type Figure, readFigure, readPeriod, readTarget } from "./figures";
import { listOf, mapOf, number, object, orNull, type Told, text } from "./parse";

/**
 * One area with those of its figures that were asked for, by the names the server gives them (`homes`, `without_leader`,
 * `closed_at_village` …).
 */
export type CoverageRow = Told<
  "CoverageRow",
  "id" | "code" | "name" | "parent" | "areaM2" | "missingRoles",
  { figures: Record<string, Figure> }
>;

/**
 * How well the areas of one level cover their parent. The public's counts are multiples of `minimum`, and smaller ones
 * withheld; `tiers` are the levels that may have settled an incident, from the top down.
 */
export type Coverage = Told<
  "Coverage",
  "at" | "revision" | "level" | "period" | "minimum" | "released" | "householdTarget" | "requiredRoles" | "tiers",
  { total: CoverageRow; rows: CoverageRow[] }
> & {
  /** What was asked: the words over its figures are of this, whatever is asked by now. */
  question: CoverageQuestion;
};

/** What incidents are. */
export const KINDS = [
  "dispute",
  "hazard",
  "unrest",
  "request",
] as const satisfies readonly ApiQuery<"/coverage">["kind"][];
export type Kind = (typeof KINDS)[number];

/** Which areas, which incidents are counted in them, and which figures are told of each; `null` tells all. */
export type CoverageQuestion = {
  level: string;
  parent: string | null;
  kind: Kind | null;
  /** `2024-01-01/2024-06-30`; an open end is `..`. */
  datetime: string | null;
  figures: string[] | null;
};

export function coverageAddress(question: CoverageQuestion, form: "json" | "csv" = "json"): string {
  return address("/coverage", { ...question, f: form === "csv" ? form : null });
}

export function askCoverage(question: CoverageQuestion, signal: AbortSignal): Promise<Coverage> {
  return ask(coverageAddress(question), signal, (json) => ({ ...read(json, "coverage"), question }));
}

const readRow = object<CoverageRow>({
  id: text,
  code: text,
  name: orNull(text),
  parent: orNull(text),
  areaM2: number,
  missingRoles: listOf(text),
  figures: mapOf(readFigure),
});

const read = object<Omit<Coverage, "question">>({
  at: text,
  revision: number,
  level: text,
  period: orNull(readPeriod),
  minimum: orNull(number),
  released: orNull(text),
  householdTarget: orNull(readTarget),
  requiredRoles: listOf(text),
  tiers: listOf(text),
  total: readRow,
  rows: listOf(readRow),
});
