import { address, ask } from "./client";
import { fields, listOf, number, object, orElse, orNull, type Reader, text, truth } from "./parse";

/** The coordinate frames a place can be asked in. */
export const FRAMES = ["wgs84", "gcj02", "bd09", "cgcs2000"] as const;
export type Frame = (typeof FRAMES)[number];

/** A place to ask for: degrees in `frame`, how far off it may be, and the day that is asked about (`null` is now). */
export type Question = { lon: number; lat: number; frame: Frame; accuracyM: number; day: string | null };

export type GridName = { id: string; code: string; name: string | null; level: string };
export type Rung = { level: string; role: string | null; holder: string; how: string; why: string | null };
export type Mediator = { id: string; name: string; body: string | null; distanceM: number | null; why: string };

/** Who answers for a place. */
export type Answer = {
  revision: number;
  generation: number;
  /** In WGS 84, whatever frame was asked in. */
  position: { lon: number; lat: number };
  /** From the top of the tree down; empty where nothing covers the place. */
  grids: GridName[];
  edge: { distanceM: number; neighbour: GridName | null } | null;
  certain: boolean;
  candidates: GridName[];
  /** From the bottom level up. */
  chain: Rung[];
  mediators: Mediator[];
  nearest: { grid: GridName; distanceM: number } | null;
};

/** Asks who answers at a place. */
export function askAnswer(question: Question, signal: AbortSignal): Promise<Answer> {
  const { lon, lat, frame, accuracyM, day } = question;
  const query = {
    lon,
    lat,
    crs: frame === "wgs84" ? null : frame,
    accuracy_m: accuracyM > 0 ? accuracyM : null,
    at: day,
  };
  return ask(address("/locate", query), signal, readAnswer);
}

const readGridName = object<GridName>({ id: text, code: text, name: orNull(text), level: text });

const readRung = object<Rung>({
  level: text,
  role: orNull(text),
  holder: (value, where) => text(fields(value, where).name, `${where}.name`),
  how: text,
  why: orNull(text),
});

/** A body is given by its name, or as an object with one. */
const readBody: Reader<string> = (value, where) =>
  typeof value === "string" ? value : text(fields(value, where).name, `${where}.name`);

const readMediator = object<Mediator>({
  id: text,
  name: text,
  body: orNull(readBody),
  distanceM: orNull(number),
  why: text,
});

const read = object<Answer>({
  revision: number,
  generation: number,
  position: object<Answer["position"]>({ lon: number, lat: number }),
  grids: listOf(readGridName),
  edge: orNull(object<NonNullable<Answer["edge"]>>({ distanceM: number, neighbour: orNull(readGridName) })),
  certain: truth,
  candidates: orElse(listOf(readGridName), []),
  chain: orElse(listOf(readRung), []),
  mediators: orElse(listOf(readMediator), []),
  nearest: orNull(object<NonNullable<Answer["nearest"]>>({ grid: readGridName, distanceM: number })),
});

export function readAnswer(json: unknown): Answer {
  return read(json, "answer");
}
