import { KINDS, type Kind } from "../api/coverage";
import { FRAMES, type Frame, type Question } from "../api/locate";
import type { Days } from "./change";
import { METHODS, type Method } from "./classes";
import { type Rotation, readRotation, writeRotation } from "./rotation";

/** What the page is used for: each is a tab of the panel, and says what a click on the map does. */
export const TASKS = ["coverage", "hotspots", "locate"] as const;
export type Task = (typeof TASKS)[number];

export type Language = "zh" | "en";
export type Theme = "light" | "dark";
export type Camera = { lon: number; lat: number; zoom: number };

/** How hotspots are drawn: a rate for each area, or a surface of heat. */
export type Surface = "rate" | "heat";

/** What hotspots are ranked and coloured by: rates as they are, how many incidents, or smoothed rates. */
export const RANKS_BY = ["rate", "count", "smoothed"] as const;
export type RankBy = (typeof RANKS_BY)[number];

/** How values are told apart by colour. Manual limits are what the reader typed. */
export type Classing = { method: Method; n: number; limits: readonly number[] };

/** What incidents are counted; `null` means all of them. */
export type Filter = {
  kind: Kind | null;
  /** The code of the level that settles it. */
  tier: string | null;
  status: "open" | "resolved" | null;
  /** Days, both included. */
  from: string | null;
  to: string | null;
};

/** The whole page; large figures for a wall; or the map alone, for the pages of others. */
export const MODES = ["page", "wall", "embed"] as const;
export type Mode = (typeof MODES)[number];

/** Everything a link to this page can say. */
export type View = {
  mode: Mode;
  /** What a wall shows in turn. */
  rotation: Rotation;
  task: Task | null;
  /** The code of the area that is looked into; `null` is the whole region. */
  place: string | null;
  /** The code of the part of it whose areas alone are in sight. */
  within: string | null;
  /** The code of the part that is seen beside it. */
  against: string | null;
  /** Whether the areas are listed part by part. */
  grouped: boolean;
  /** The code of the area that was chosen within it. */
  chosen: string | null;
  /** The codes of the areas that are taken together. */
  marked: readonly string[];
  level: string | null;
  metric: string | null;
  classing: Classing | null;
  /** Classes that are switched off in the legend, from the lowest 0. */
  off: readonly number[];
  surface: Surface;
  rankBy: RankBy;
  /** Of how many homes a rate has to be; `null` shows all. */
  leastHomes: number | null;
  filter: Filter;
  /** The days that those of the filter are compared with. */
  than: Days | null;
  /** Whether both are drawn, on two maps, and not the change. */
  beside: boolean;
  question: Question | null;
  basemap: string | null;
  /** `null` follows the browser. */
  language: Language | null;
  /** `null` follows the system. */
  theme: Theme | null;
  camera: Camera | null;
};

export const NO_FILTER: Filter = { kind: null, tier: null, status: null, from: null, to: null };

const CODE = /^[\w-]{1,40}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The most classes a legend has. */
export const MAX_CLASSES = 7;

/** The most areas that are marked: a link is not endless. */
export const MAX_MARKED = 100;

/** Farther off than this a position says nothing about a grid. */
const MAX_ACCURACY_M = 10_000;

/** Reads the query of an address. What is not understood is left out: a hand-edited link still opens. */
export function readUrl(search: string): View {
  const query = new URLSearchParams(search);
  return {
    mode: MODES.find((mode) => query.get(mode) === "1") ?? "page",
    rotation: readRotation(query.get("views"), query.get("every")),
    task: oneOf(TASKS, query.get("view")),
    place: code(query.get("in")),
    within: code(query.get("within")),
    against: code(query.get("against")),
    grouped: query.get("grouped") === "1",
    chosen: code(query.get("area")),
    marked: list(query.get("marked"))
      .filter((one) => CODE.test(one))
      .slice(0, MAX_MARKED),
    level: code(query.get("level")),
    metric: code(query.get("metric")),
    classing: readClassing(query.get("classes")),
    off: list(query.get("off"))
      .map(Number)
      .filter((n) => Number.isInteger(n) && n >= 0 && n < MAX_CLASSES),
    surface: query.get("surface") === "heat" ? "heat" : "rate",
    rankBy: oneOf(RANKS_BY, query.get("rank")) ?? "rate",
    leastHomes: wholeNumber(query.get("least")),
    filter: {
      kind: oneOf(KINDS, query.get("kind")),
      tier: code(query.get("tier")),
      status: oneOf(["open", "resolved"] as const, query.get("status")),
      from: day(query.get("from")),
      to: day(query.get("to")),
    },
    than: readDays(query.get("than")),
    beside: query.get("beside") === "1",
    question: readQuestion(query),
    basemap: code(query.get("base")),
    language: oneOf(["zh", "en"] as const, query.get("lang")),
    theme: oneOf(["light", "dark"] as const, query.get("theme")),
    camera: readCamera(query.get("map")),
  };
}

/** Writes the query of an address; what is as it is by itself is left out. */
export function writeUrl(view: View): string {
  const { filter, question, camera } = view;
  const parts: string[] = [];
  const add = (name: string, value: string | null) => {
    if (value !== null && value !== "") parts.push(`${name}=${value}`);
  };
  if (view.mode !== "page") add(view.mode, "1");
  const { views, every } = writeRotation(view.rotation);
  add("views", views);
  add("every", every);
  add("view", view.task);
  add("in", view.place);
  add("within", view.within);
  add("against", view.against);
  if (view.grouped) add("grouped", "1");
  add("area", view.chosen);
  add("marked", view.marked.join(","));
  add("level", view.level);
  add("metric", view.metric);
  add("classes", view.classing && writeClassing(view.classing));
  add("off", view.off.join(","));
  if (view.surface !== "rate") add("surface", view.surface);
  if (view.rankBy !== "rate") add("rank", view.rankBy);
  if (view.leastHomes !== null) add("least", String(view.leastHomes));
  add("kind", filter.kind);
  add("tier", filter.tier);
  add("status", filter.status);
  add("from", filter.from);
  add("to", filter.to);
  add("than", view.than && `${view.than.from}/${view.than.to}`);
  if (view.beside) add("beside", "1");
  if (question) {
    add("at", `${degrees(question.lon)},${degrees(question.lat)}`);
    if (question.frame !== "wgs84") add("crs", question.frame);
    if (question.accuracyM > 0) add("accuracy", String(question.accuracyM));
    add("on", question.day);
  }
  add("base", view.basemap);
  add("lang", view.language);
  add("theme", view.theme);
  if (camera) add("map", `${camera.lon.toFixed(4)},${camera.lat.toFixed(4)},${camera.zoom.toFixed(2)}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/** Seven decimals, the lattice of the ground, without trailing zeros. */
export function degrees(value: number): string {
  return String(Number(value.toFixed(7)));
}

function readQuestion(query: URLSearchParams): Question | null {
  const [first, second, ...more] = numbers(query.get("at"));
  if (first === undefined || second === undefined || more.length) return null;
  // Other systems write the latitude first.
  const [lon, lat] = Math.abs(second) > 90 ? [second, first] : [first, second];
  if (Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  const frame = oneOf(FRAMES, query.get("crs")) ?? ("wgs84" satisfies Frame);
  const accuracyM = Number(query.get("accuracy") ?? 0);
  const sound = Number.isInteger(accuracyM) && accuracyM >= 0 && accuracyM <= MAX_ACCURACY_M;
  return { lon, lat, frame, accuracyM: sound ? accuracyM : 0, day: day(query.get("on")) };
}

/** `natural,5`, or `manual,30,65,120`. */
function readClassing(value: string | null): Classing | null {
  const [name, ...rest] = list(value);
  const method = oneOf(METHODS, name ?? null);
  const limits = rest.map(Number);
  if (method === null || !limits.every(Number.isFinite)) return null;
  if (method === "manual") return { method, n: 0, limits: limits.slice(0, MAX_CLASSES - 1) };
  const n = limits[0] ?? 5;
  return Number.isInteger(n) && n >= 2 && n <= MAX_CLASSES ? { method, n, limits: [] } : null;
}

function writeClassing({ method, n, limits }: Classing): string {
  return [method, ...(method === "manual" ? limits : [n])].join(",");
}

function readCamera(value: string | null): Camera | null {
  const [lon, lat, zoom, ...more] = numbers(value);
  if (lon === undefined || lat === undefined || zoom === undefined || more.length) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 20) return null;
  return { lon, lat, zoom };
}

/** The first and the last day, as ISO 8601 writes a span. */
function readDays(value: string | null): Days | null {
  const [from, to, ...more] = value?.split("/").map(day) ?? [];
  return from && to && from <= to && more.length === 0 ? { from, to } : null;
}

/** A day that is in the calendar. */
function day(value: string | null): string | null {
  if (value === null || !DAY.test(value)) return null;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? value : null;
}

/** 1 or more. */
function wholeNumber(value: string | null): number | null {
  return value !== null && /^[1-9]\d{0,6}$/.test(value) ? Number(value) : null;
}

function code(value: string | null): string | null {
  return value !== null && CODE.test(value) ? value : null;
}

function oneOf<T extends string>(words: readonly T[], value: string | null): T | null {
  return words.find((word) => word === value) ?? null;
}

function list(value: string | null): string[] {
  return value === null || value === "" ? [] : value.split(",");
}

function numbers(value: string | null): number[] {
  const parts = list(value).map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return parts.every(Number.isFinite) ? parts : [];
}
