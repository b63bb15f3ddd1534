import { address, ask } from "./client";
import { listOf, number, object, orNull, type Reader, type Told, text, truth } from "./parse";

/** The coordinate frames a place can be asked in. */
export const FRAMES = ["wgs84", "gcj02", "bd09", "cgcs2000"] as const;
export type Frame = (typeof FRAMES)[number];

/** A place to ask for: degrees in `frame`, how far off it may be, and the day that is asked about (`null` is now). */
export type Question = { lon: number; lat: number; frame: Frame; accuracyM: number; day: string | null };

export type GridName = Told<"GridName", "id" | "code" | "name" | "level">;
/** Who holds a duty. The telephone is `null` for whoever may not know it, and where there is none. */
export type Holder = Told<"Named", "name" | "phone">;
export type ChainLink = Told<"ChainLink", "level" | "role" | "how" | "why", { holder: Holder }>;
export type Mediator = Told<"Mediator", "id" | "name" | "phone" | "distanceM" | "why", { body: string | null }>;
/** A grid that the place may also lie in, those that hold it from the top down, and who is responsible there. */
export type Candidate = Told<
  "Candidate",
  "id" | "code" | "name" | "level" | "distanceM",
  { above: GridName[]; responsible: ChainLink | null }
>;

/**
 * Who answers for a place, which is in WGS 84 whatever frame was asked in. `grids` go from the top of the tree down and
 * are empty where nothing covers the place; `chain` goes from the bottom level up.
 */
export type Answer = Told<
  "Answer",
  "revision" | "generation" | "position" | "grids" | "edge" | "certain" | "nearest",
  { candidates: Candidate[]; chain: ChainLink[]; mediators: Mediator[] }
>;

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

export const readGridName = object<GridName>({ id: text, code: text, name: orNull(text), level: text });

const readHolder = object<Holder>({ name: text, phone: orNull(text) });
const readName: Reader<string> = (value, where) => readHolder(value, where).name;

const readChainLink = object<ChainLink>({ level: text, role: text, holder: readHolder, how: text, why: text });

const readCandidate = object<Candidate>({
  id: text,
  code: text,
  name: orNull(text),
  level: text,
  distanceM: number,
  above: listOf(readGridName),
  responsible: orNull(readChainLink),
});

const readMediator = object<Mediator>({
  id: text,
  name: text,
  phone: orNull(text),
  body: orNull(readName),
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
  candidates: listOf(readCandidate),
  chain: listOf(readChainLink),
  mediators: listOf(readMediator),
  nearest: orNull(object<NonNullable<Answer["nearest"]>>({ grid: readGridName, distanceM: number })),
});

export function readAnswer(json: unknown): Answer {
  return read(json, "answer");
}
