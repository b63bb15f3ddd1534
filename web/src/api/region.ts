import { address, ask } from "./client";
import { fields, list, maybe, number, text, truth } from "./parse";

export type Names = { zh: string; en: string };
export type Level = {
  code: string;
  names: Names;
  nGrids: number;
  /** How many homes a grid of it should have, where there is a rule. */
  target: { floor: number; target: number; ceiling: number } | null;
};
export type Role = { code: string; names: Names; nHolders: number };

/** A share with what it is made of. */
export type Rate = { numerator: number; denominator: number; percent: number };

/** The figures of one kind of incident. A count is `null` where it is too small for the caller to know. */
export type IncidentFigures = {
  kind: string;
  nReported: number | null;
  /** `null` when there is nothing to be resolved, or it may not be told. */
  resolution: Rate | null;
  /** How many were settled at which level, from the bottom up. */
  resolvedByTier: { level: string; n: number | null }[];
  /** The first and last day of the reports in the region's own time. */
  period: { from: string; to: string } | null;
};

/** The region as a whole: its ladder of levels, its roles and its figures. Every number is counted by the server. */
export type Region = {
  /** Counts every change of what the server keeps. */
  revision: number;
  code: string;
  names: Names;
  /** Anyone may read everything, because the data is invented. */
  open: boolean;
  /** How far its clock is ahead of UTC: `+08:00`. */
  offset: string;
  /** West, south, east, north. */
  bbox: [number, number, number, number] | null;
  /** From the top down. */
  levels: Level[];
  roles: Role[];
  nHouseholds: number;
  servicePoints: { kind: string; n: number }[];
  incidents: IncidentFigures[];
};

export function askRegion(signal: AbortSignal): Promise<Region> {
  return ask(address("/region"), signal, readRegion);
}

export function readRegion(json: unknown): Region {
  const region = fields(json, "region");
  const levels = list(region.levels, "levels", readLevel);
  const offset = text(region.utc_offset, "utc_offset");
  return {
    revision: number(region.revision, "revision"),
    code: text(region.code, "code"),
    names: readNames(region.names, "names"),
    open: truth(region.open, "open"),
    offset,
    bbox: maybe(region.bbox, "bbox", readBox),
    levels,
    roles: list(region.roles, "roles", (value, where) => ({
      ...readCoded(value, where),
      nHolders: number(fields(value, where).n_holders, `${where}.n_holders`),
    })),
    nHouseholds: number(fields(region.households, "households").n_inside, "households.n_inside"),
    servicePoints: Object.entries(fields(region.service_points, "service_points")).map(([kind, n]) => ({
      kind,
      n: number(n, `service_points.${kind}`),
    })),
    incidents: list(region.incidents, "incidents", (value, where) => readIncidents(value, where, levels, offset)),
  };
}

function readLevel(value: unknown, where: string): Level {
  const level = fields(value, where);
  return {
    ...readCoded(value, where),
    nGrids: number(level.n_grids, `${where}.n_grids`),
    target: maybe(level.household_target, `${where}.household_target`, (target, at) => ({
      floor: number(fields(target, at).floor, `${at}.floor`),
      target: number(fields(target, at).target, `${at}.target`),
      ceiling: number(fields(target, at).ceiling, `${at}.ceiling`),
    })),
  };
}

function readIncidents(value: unknown, where: string, levels: readonly Level[], offset: string): IncidentFigures {
  const incidents = fields(value, where);
  const byTier = fields(incidents.resolved_by_tier, `${where}.resolved_by_tier`);
  const tiers = levels.map((level) => level.code).reverse();
  return {
    kind: text(incidents.kind, `${where}.kind`),
    nReported: maybe(incidents.n_reported, `${where}.n_reported`, number),
    resolution: maybe(incidents.resolution, `${where}.resolution`, readRate),
    resolvedByTier: tiers
      .filter((level) => level in byTier)
      .map((level) => ({ level, n: maybe(byTier[level], `${where}.resolved_by_tier.${level}`, number) })),
    period: maybe(incidents.period, `${where}.period`, (period, at) => ({
      from: dayIn(text(fields(period, at).from, `${at}.from`), offset),
      to: dayIn(text(fields(period, at).to, `${at}.to`), offset),
    })),
  };
}

export function readRate(value: unknown, where: string): Rate {
  const rate = fields(value, where);
  return {
    numerator: number(rate.numerator, `${where}.numerator`),
    denominator: number(rate.denominator, `${where}.denominator`),
    percent: number(rate.percent, `${where}.percent`),
  };
}

/** The day an instant falls on where the clock is `offset` ahead (`+08:00`): `2024-01-02`. */
export function dayIn(instant: string, offset: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -1 : 1);
  const time = Date.parse(instant) + ahead * 60_000;
  return Number.isNaN(time) ? instant : new Date(time).toISOString().slice(0, 10);
}

function readBox(value: unknown, where: string): [number, number, number, number] {
  const [west = 0, south = 0, east = 0, north = 0] = list(value, where, number);
  return [west, south, east, north];
}

function readCoded(value: unknown, where: string): { code: string; names: Names } {
  const coded = fields(value, where);
  return { code: text(coded.code, `${where}.code`), names: readNames(coded.names, `${where}.names`) };
}

export function readNames(value: unknown, where: string): Names {
  const names = fields(value, where);
  return { zh: text(names.zh, `${where}.zh`), en: text(names.en, `${where}.en`) };
}
