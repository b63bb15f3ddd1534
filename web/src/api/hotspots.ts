import { type ApiQuery, address, ask } from "./client";
import type { Kind } from "./coverage";
import type { Coordinates } from "./features";
import { type Figure, type Period, readFigure, readPeriod } from "./figures";
import { fields, list, maybe, number, text } from "./parse";

/** One area with its incidents: how many, in how many homes, and per 100 homes. */
export type HotspotRow = {
  id: string;
  code: string;
  name: string | null;
  parent: string | null;
  /** A point inside it. */
  at: Coordinates | null;
  incidents: Figure;
  /** How many in each of the answer's weeks; `null` is not told. */
  byWeek: readonly (number | null)[];
};

export type Week = { week: string; from: string };
export type Spot = { at: Coordinates; n: number };

/** A point that alone holds so many reports that it stands for "somewhere in this area" rather than for a place. */
export type Fallback = { at: Coordinates | null; figure: Figure };

export type Hotspots = {
  level: string;
  period: Period | null;
  minimum: number | null;
  weeks: readonly Week[];
  total: HotspotRow;
  rows: readonly HotspotRow[];
  points: readonly Spot[];
  fallbacks: readonly Fallback[];
};

export type HotspotQuestion = {
  level: string;
  parent: string | null;
  datetime: string | null;
  kind: Kind | null;
  tier: string | null;
  status: "open" | "resolved" | null;
  by: NonNullable<ApiQuery<"/hotspots">["by"]>;
};

export function hotspotsAddress(question: HotspotQuestion, form: "json" | "csv" = "json"): string {
  return address("/hotspots", { ...question, f: form === "csv" ? form : null });
}

export function askHotspots(question: HotspotQuestion, signal: AbortSignal): Promise<Hotspots> {
  return ask(hotspotsAddress(question), signal, readHotspots);
}

export function readHotspots(json: unknown): Hotspots {
  const hotspots = fields(json, "hotspots");
  const fallback = fields(hotspots.fallback ?? {}, "fallback");
  return {
    level: text(hotspots.level, "level"),
    period: maybe(hotspots.period, "period", readPeriod),
    minimum: maybe(hotspots.minimum, "minimum", number),
    weeks: list(hotspots.weeks ?? [], "weeks", (value, where) => {
      const week = fields(value, where);
      return { week: text(week.week, `${where}.week`), from: text(week.from, `${where}.from`) };
    }),
    total: readRow(hotspots.total, "total"),
    rows: list(hotspots.rows, "rows", readRow),
    points: list(hotspots.points ?? [], "points", readSpot),
    fallbacks: list(fallback.points ?? [], "fallback.points", (value, where) => ({
      at: readPlace(fields(value, where).lon, fields(value, where).lat, where),
      figure: readFigure(value, where),
    })),
  };
}

function readRow(value: unknown, where: string): HotspotRow {
  const row = fields(value, where);
  return {
    id: text(row.id, `${where}.id`),
    code: text(row.code, `${where}.code`),
    name: maybe(row.name, `${where}.name`, text),
    parent: maybe(row.parent, `${where}.parent`, text),
    at: readPlace(row.lon, row.lat, where),
    incidents: readFigure(row.incidents, `${where}.incidents`),
    byWeek: list(row.by_week ?? [], `${where}.by_week`, (n, at) => maybe(n, at, number)),
  };
}

function readSpot(value: unknown, where: string): Spot {
  const spot = fields(value, where);
  return { at: [number(spot.lon, `${where}.lon`), number(spot.lat, `${where}.lat`)], n: number(spot.n, `${where}.n`) };
}

function readPlace(lon: unknown, lat: unknown, where: string): Coordinates | null {
  const [x, y] = [maybe(lon, `${where}.lon`, number), maybe(lat, `${where}.lat`, number)];
  return x === null || y === null ? null : [x, y];
}
