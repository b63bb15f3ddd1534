import { ask } from "./client";
import { fields, list, maybe, number, text, truth } from "./parse";

export type Names = { zh: string; en: string };
export type Level = { code: string; names: Names; nGrids: number };
export type RoleCount = { role: string; names: Names; nPersons: number; nBodies: number };
export type PointCount = { kind: string; names: Names; n: number };

/** A share with what it is made of. */
export type Rate = { numerator: number; denominator: number; percent: number | null };

export type IncidentFigures = {
  resolved: Rate;
  /** The first and last day of the reports, `null` when there are none. */
  period: { from: string; to: string } | null;
  /** By the level that settles them, from the bottom up. */
  tiers: { level: string; resolved: Rate }[];
};

/** The region as a whole: its ladder of levels, its roles and its figures. Every number is counted by the server. */
export type Region = {
  code: string;
  name: Names;
  /** Anyone may read everything, because the data is invented. */
  open: boolean;
  levels: Level[];
  roles: { code: string; names: Names }[];
  nHouseholds: number;
  answerers: RoleCount[];
  servicePoints: PointCount[];
  incidents: IncidentFigures;
};

export function askRegion(signal: AbortSignal): Promise<Region> {
  return ask("/api/region", signal, readRegion);
}

export function readRegion(json: unknown): Region {
  const region = fields(json, "region");
  return {
    code: text(region.code, "code"),
    name: readNames(region.name, "name"),
    open: truth(region.open, "open"),
    levels: list(region.levels, "levels", (value, where) => {
      const level = fields(value, where);
      return { ...readCoded(value, where), nGrids: number(level.n_grids, `${where}.n_grids`) };
    }),
    roles: list(region.roles, "roles", readCoded),
    nHouseholds: number(region.n_households, "n_households"),
    answerers: list(region.answerers, "answerers", (value, where) => {
      const count = fields(value, where);
      return {
        role: text(count.role, `${where}.role`),
        names: readNames(count.name, `${where}.name`),
        nPersons: number(count.n_persons, `${where}.n_persons`),
        nBodies: number(count.n_bodies, `${where}.n_bodies`),
      };
    }),
    servicePoints: list(region.service_points, "service_points", (value, where) => {
      const count = fields(value, where);
      return {
        kind: text(count.kind, `${where}.kind`),
        names: readNames(count.name, `${where}.name`),
        n: number(count.n, `${where}.n`),
      };
    }),
    incidents: readIncidents(region.incidents),
  };
}

function readIncidents(value: unknown): IncidentFigures {
  const incidents = fields(value, "incidents");
  return {
    resolved: readRate(incidents.resolved, "incidents.resolved"),
    period: maybe(incidents.period, "incidents.period", (period, where) => {
      const { from, to } = fields(period, where);
      return { from: text(from, `${where}.from`), to: text(to, `${where}.to`) };
    }),
    tiers: list(incidents.tiers ?? [], "incidents.tiers", (tier, where) => ({
      level: text(fields(tier, where).level, `${where}.level`),
      resolved: readRate(fields(tier, where).resolved, `${where}.resolved`),
    })),
  };
}

function readRate(value: unknown, where: string): Rate {
  const rate = fields(value, where);
  return {
    numerator: number(rate.numerator, `${where}.numerator`),
    denominator: number(rate.denominator, `${where}.denominator`),
    percent: maybe(rate.percent, `${where}.percent`, number),
  };
}

function readCoded(value: unknown, where: string): { code: string; names: Names } {
  const coded = fields(value, where);
  return { code: text(coded.code, `${where}.code`), names: readNames(coded.name, `${where}.name`) };
}

function readNames(value: unknown, where: string): Names {
  const names = fields(value, where);
  return { zh: text(names.zh, `${where}.zh`), en: text(names.en, `${where}.en`) };
}
