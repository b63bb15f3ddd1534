import { address, ask } from "./client";
import { type Period, readPeriod, readTarget } from "./figures";
import { fields, list, listOf, mapOf, number, object, orNull, type Told, text, truth } from "./parse";

export type Names = Told<"Names", "zh" | "en">;
/** A level, and how many homes a grid of it should have, where there is a rule. */
export type Level = Told<"Level", "code" | "names" | "nGrids" | "householdTarget">;
export type Role = Pick<Told<"Region", "roles">["roles"][number], "code" | "names" | "nHolders">;

/**
 * The figures of one kind of incident. A count is `null` where it is too small for the caller to know; `resolution` also
 * when there is nothing to be resolved.
 */
export type IncidentFigures = Told<
  "IncidentTotals",
  "kind" | "nReported" | "resolution",
  {
    /** How many were settled at which level, from the bottom up. */
    resolvedByTier: { level: string; n: number | null }[];
    /** The first and last day of the reports in the region's own time; `null` where the count is withheld. */
    period: Period | null;
  }
>;

/** The region as a whole: its ladder of levels, its roles and its figures. Every number is counted by the server. */
export type Region = Told<
  "Region",
  "revision" | "committed" | "released" | "code" | "names" | "open" | "utcOffset",
  {
    generation: Pick<Told<"Region", "generation">["generation"], "number">;
    /** West, south, east, north. */
    bbox: [number, number, number, number] | null;
    /** From the top down. */
    levels: Level[];
    roles: Role[];
    servicePoints: { kind: string; n: number }[];
    incidents: IncidentFigures[];
  }
> & { nHouseholds: number };

export function askRegion(signal: AbortSignal): Promise<Region> {
  return ask(address("/region"), signal, readRegion);
}

function readRegion(json: unknown): Region {
  const plain = readPlain(json, "region");
  const { households, service_points, incidents } = fields(json, "region");
  return {
    ...plain,
    nHouseholds: readHomes(households, "households").nInside,
    servicePoints: Object.entries(mapOf(number)(service_points, "service_points")).map(([kind, n]) => ({ kind, n })),
    incidents: list(incidents, "incidents", (value, where) => readIncidents(value, where, plain)),
  };
}

const readHomes = object<Pick<Told<"Region", "households">["households"], "nInside">>({ nInside: number });

export const readNames = object<Names>({ zh: text, en: text });

const readPlain = object<Omit<Region, "nHouseholds" | "servicePoints" | "incidents">>({
  revision: number,
  committed: orNull(text),
  released: orNull(text),
  generation: object<Region["generation"]>({ number }),
  code: text,
  names: readNames,
  open: truth,
  utcOffset: text,
  bbox: orNull(readBox),
  levels: listOf(object<Level>({ code: text, names: readNames, nGrids: number, householdTarget: orNull(readTarget) })),
  roles: listOf(object<Role>({ code: text, names: readNames, nHolders: number })),
});

const readRate = object<NonNullable<IncidentFigures["resolution"]>>({
  numerator: number,
  denominator: number,
  percent: number,
});

const readCounts = object<Pick<IncidentFigures, "kind" | "nReported" | "resolution" | "period">>({
  kind: text,
  nReported: orNull(number),
  resolution: orNull(readRate),
  period: orNull(readPeriod),
});

function readIncidents(
  value: unknown,
  where: string,
  { levels, utcOffset }: Pick<Region, "levels" | "utcOffset">,
): IncidentFigures {
  const counts = readCounts(value, where);
  const byTier = mapOf(orNull(number))(fields(value, where).resolved_by_tier, `${where}.resolved_by_tier`);
  const tiers = levels.map((level) => level.code).reverse();
  return {
    ...counts,
    resolvedByTier: tiers.filter((level) => level in byTier).map((level) => ({ level, n: byTier[level] ?? null })),
    period: counts.period && {
      from: dayIn(counts.period.from, utcOffset),
      to: dayIn(counts.period.to, utcOffset),
    },
  };
}

/** An instant by a clock that is `offset` ahead (`+08:00`): `2024-01-02 23:31`. */
export function minuteIn(instant: string, offset: string): string {
  const time = Date.parse(instant) + aheadOf(offset);
  return Number.isNaN(time) ? instant : new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

/** The day an instant falls on where the clock is `offset` ahead (`+08:00`): `2024-01-02`. */
export function dayIn(instant: string, offset: string): string {
  return minuteIn(instant, offset).slice(0, 10);
}

/** How far ahead of UTC a clock is, in milliseconds. */
function aheadOf(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60_000 : 60_000);
}

function readBox(value: unknown, where: string): [number, number, number, number] {
  const [west = 0, south = 0, east = 0, north = 0] = list(value, where, number);
  return [west, south, east, north];
}
