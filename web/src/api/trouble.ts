import { type Fields, fields, list, maybe, text } from "./parse";
import type { components } from "./schema";

/**
 * Why an answer did not come: the server is away, holds no county yet, failed, or said something unreadable; it refused;
 * or this page itself is at fault.
 */
export type TroubleKind = "away" | "empty" | "failed" | "garbled" | "refused" | "broken";

/** Those that are over at some time without anybody changing the question. */
const PASSING: readonly TroubleKind[] = ["away", "empty", "failed", "garbled"];

/** What the server calls what went wrong, whatever its sentence: the last part of a problem's `type`. */
export type ProblemCode = Last<components["schemas"]["Problem"]["type"]>;
type Last<Type> = Type extends `/problems/${infer Code}` ? Code : never;

/** What a problem document says by codes and parameters, to be written in the reader's language. */
export type Problem = {
  /** One that this page does not know is still one. */
  code: ProblemCode | null;
  /** The parameters, headers, places and rows that are at fault. */
  at: string[];
  /** The moment from which there is data, where the question was about an earlier one. */
  earliest: string | null;
};

const NO_PROBLEM: Problem = { code: null, at: [], earliest: null };

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    /** The server's own sentence, which is English. */
    readonly detail: string | null = null,
    readonly problem: Problem = NO_PROBLEM,
    /** How long the server wishes not to be asked, in milliseconds. */
    readonly restMs = 0,
  ) {
    super(detail ?? kind);
    this.name = "Trouble";
  }

  /** Whether the same question may be answered later. */
  get mayPass(): boolean {
    return PASSING.includes(this.kind);
  }
}

/** What an exception is to the reader: one that is no trouble of the server's is this page's own. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  // biome-ignore lint/suspicious/noConsole: whoever mends the page finds it there, and nowhere else.
  console.error(error);
  return new Trouble("broken");
}

/** Reads what a server answers instead of what was asked for; one that gave no problem document (RFC 9457) has a status. */
export function readProblem(response: Response, body: string): Trouble {
  const restMs = Number(response.headers.get("retry-after") ?? 0) * 1000 || 0;
  const kind = kindOf(response.status);
  try {
    const document = fields(JSON.parse(body), "problem");
    const problem = {
      code: codeOf(document.type),
      at: list(document.errors ?? [], "errors", fields).flatMap(placeOf),
      earliest: maybe(document.earliest, "earliest", text),
    };
    const detail = maybe(document.detail, "detail", text) ?? maybe(document.title, "title", text);
    return new Trouble(problem.code === "no-ground" ? "empty" : kind, detail, problem, restMs);
  } catch {
    return new Trouble(kind, null, NO_PROBLEM, restMs);
  }
}

function codeOf(type: unknown): ProblemCode | null {
  const code = typeof type === "string" ? /^\/problems\/([\w-]+)$/.exec(type)?.[1] : null;
  return (code as ProblemCode | undefined) ?? null;
}

/** Where a fault lies: names of the API, which are alike in every language. */
function placeOf({ parameter, header, pointer, row }: Fields): string[] {
  const place = [parameter, header, pointer, row].find((one) => typeof one === "string" || typeof one === "number");
  return place === undefined ? [] : [String(place)];
}

/** A gateway's word that nobody is behind it, or that too much is asked of it, is no fault of the server's. */
const AWAY: readonly number[] = [429, 502, 503, 504];

function kindOf(status: number): TroubleKind {
  if (AWAY.includes(status)) return "away";
  return status < 500 ? "refused" : "failed";
}
