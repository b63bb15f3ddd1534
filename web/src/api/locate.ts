import { address, ask } from "./client";
import { fields, list, maybe, number, text, truth } from "./parse";

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

export function readAnswer(json: unknown): Answer {
  const answer = fields(json, "answer");
  const position = fields(answer.position, "position");
  return {
    revision: number(answer.revision, "revision"),
    generation: number(answer.generation, "generation"),
    position: { lon: number(position.lon, "position.lon"), lat: number(position.lat, "position.lat") },
    grids: list(answer.grids, "grids", readGridName),
    edge: maybe(answer.edge, "edge", (value, where) => {
      const edge = fields(value, where);
      return {
        distanceM: number(edge.distance_m, "edge.distance_m"),
        neighbour: maybe(edge.neighbour, "edge.neighbour", readGridName),
      };
    }),
    certain: truth(answer.certain, "certain"),
    candidates: list(answer.candidates ?? [], "candidates", readGridName),
    chain: list(answer.chain ?? [], "chain", readRung),
    mediators: list(answer.mediators ?? [], "mediators", readMediator),
    nearest: maybe(answer.nearest, "nearest", (value, where) => {
      const nearest = fields(value, where);
      return {
        grid: readGridName(nearest.grid, "nearest.grid"),
        distanceM: number(nearest.distance_m, "nearest.distance_m"),
      };
    }),
  };
}

function readGridName(value: unknown, where: string): GridName {
  const grid = fields(value, where);
  return {
    id: text(grid.id, `${where}.id`),
    code: text(grid.code, `${where}.code`),
    name: maybe(grid.name, `${where}.name`, text),
    level: text(grid.level, `${where}.level`),
  };
}

function readRung(value: unknown, where: string): Rung {
  const rung = fields(value, where);
  const holder = fields(rung.holder, `${where}.holder`);
  return {
    level: text(rung.level, `${where}.level`),
    role: maybe(rung.role, `${where}.role`, text),
    holder: text(holder.name, `${where}.holder.name`),
    how: text(rung.how, `${where}.how`),
    why: maybe(rung.why, `${where}.why`, text),
  };
}

function readMediator(value: unknown, where: string): Mediator {
  const mediator = fields(value, where);
  return {
    id: text(mediator.id, `${where}.id`),
    name: text(mediator.name, `${where}.name`),
    body: maybe(mediator.body, `${where}.body`, bodyName),
    distanceM: maybe(mediator.distance_m, `${where}.distance_m`, number),
    why: text(mediator.why, `${where}.why`),
  };
}

/** A body is given by its name, or as an object with one. */
function bodyName(value: unknown, where: string): string {
  return typeof value === "string" ? value : text(fields(value, where).name, `${where}.name`);
}
