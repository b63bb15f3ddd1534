import { type ApiQuery, address, ask } from "./client";
import type { Kind } from "./coverage";
import type { Coordinates } from "./features";
import { type Figure, readFigure, readPeriod } from "./figures";
import { fields, listOf, Malformed, number, object, orElse, orNull, type Reader, type Told, text } from "./parse";

/** One area with its incidents: how many, in how many homes, per 100 homes, and in each of the answer's weeks. */
export type HotspotRow = Told<"HotspotRow", "id" | "code" | "name" | "parent" | "incidents" | "byWeek"> & {
  /** A point inside it. */
  at: Coordinates | null;
  /** Nobody has it who may not know every count. */
  estimate: Estimate | null;
};

/** The exact Poisson interval of a rate and its smoothed value, both per 100 homes. */
export type Estimate = Told<"RateEstimate", "low" | "high" | "confidence" | "smoothed">;

export type Spot = { at: Coordinates; n: number };

/** A point that alone holds so many reports that it stands for "somewhere in this area" rather than for a place. */
export type Fallback = { at: Coordinates | null; figure: Figure };

export type Hotspots = Told<
  "Hotspots",
  "at" | "revision" | "level" | "period" | "minimum" | "released" | "weeks",
  { total: HotspotRow; rows: HotspotRow[]; points: Spot[]; fallback: { points: Fallback[] } }
> & {
  /** What was asked: the words over its figures are of this, whatever is asked by now. */
  question: HotspotQuestion;
};

export type Week = Hotspots["weeks"][number];

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
  return ask(hotspotsAddress(question), signal, (json) => ({ ...read(json, "hotspots"), question }));
}

const readEstimate = object<Estimate>({ low: number, high: number, confidence: number, smoothed: number });

const readPlain = object<Omit<HotspotRow, "at">>({
  id: text,
  code: text,
  name: orNull(text),
  parent: orNull(text),
  incidents: readFigure,
  byWeek: orElse(listOf(orNull(number)), []),
  estimate: orElse(orNull(readEstimate), null),
});

const readRow: Reader<HotspotRow> = (value, where) => ({ ...readPlain(value, where), at: readPlace(value, where) });

const readSpot: Reader<Spot> = (value, where) => {
  const at = readPlace(value, where);
  if (at === null) throw new Malformed(where, "a place");
  return { at, n: number(fields(value, where).n, `${where}.n`) };
};

const readFallback: Reader<Fallback> = (value, where) => ({
  at: readPlace(value, where),
  figure: readFigure(value, where),
});

const read = object<Omit<Hotspots, "question">>({
  at: text,
  revision: number,
  level: text,
  period: orNull(readPeriod),
  minimum: orNull(number),
  released: orNull(text),
  weeks: orElse(listOf(object<Week>({ week: text, from: text })), []),
  total: readRow,
  rows: listOf(readRow),
  points: orElse(listOf(readSpot), []),
  fallback: object<Hotspots["fallback"]>({ points: orElse(listOf(readFallback), []) }),
});

function readPlace(value: unknown, where: string): Coordinates | null {
  const { lon, lat } = readDegrees(value, where);
  return lon === null || lat === null ? null : [lon, lat];
}

const readDegrees = object<Told<"HotspotRow" | "FallbackPoint", "lon" | "lat">>({
  lon: orNull(number),
  lat: orNull(number),
});
