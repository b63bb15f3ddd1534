import { type ApiQuery, address, ask } from "./client";
import { type Figure, type Period, readFigure, readPeriod, texts, UNKNOWN } from "./figures";
import { fields, list, maybe, number, text } from "./parse";

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
  target: { floor: number; target: number; ceiling: number } | null;
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
  return ask(coverageAddress(question), signal, readCoverage);
}

export function readCoverage(json: unknown): Coverage {
  const coverage = fields(json, "coverage");
  return {
    at: text(coverage.at, "at"),
    level: text(coverage.level, "level"),
    period: maybe(coverage.period, "period", readPeriod),
    minimum: maybe(coverage.minimum, "minimum", number),
    target: maybe(coverage.household_target, "household_target", (value, where) => {
      const target = fields(value, where);
      return {
        floor: number(target.floor, `${where}.floor`),
        target: number(target.target, `${where}.target`),
        ceiling: number(target.ceiling, `${where}.ceiling`),
      };
    }),
    requiredRoles: texts(coverage.required_roles, "required_roles"),
    tiers: texts(coverage.tiers, "tiers"),
    total: readRow(coverage.total, "total"),
    rows: list(coverage.rows, "rows", readRow),
  };
}

/**
 * How many homes stand in an area. Where a level has no target its `homes` are "none"; the homes that incidents are
 * counted against are then told without a target.
 */
export function homesOf({ figures }: CoverageRow): Figure {
  const { homes = UNKNOWN, incidents = UNKNOWN } = figures;
  if (homes.denominator !== 0) return homes;
  return { ...incidents, numerator: incidents.denominator, denominator: null, value: null };
}

function readRow(value: unknown, where: string): CoverageRow {
  const row = fields(value, where);
  const figures = Object.entries(fields(row.figures, `${where}.figures`));
  return {
    id: text(row.id, `${where}.id`),
    code: text(row.code, `${where}.code`),
    name: maybe(row.name, `${where}.name`, text),
    parent: maybe(row.parent, `${where}.parent`, text),
    areaM2: maybe(row.area_m2, `${where}.area_m2`, number),
    missingRoles: texts(row.missing_roles, `${where}.missing_roles`),
    figures: Object.fromEntries(
      figures.map(([name, figure]) => [name, readFigure(figure, `${where}.figures.${name}`)]),
    ),
  };
}
