import { fields, Malformed, maybe, text } from "./parse";

/** Why an answer did not come: the server is away, holds no county yet, refused, failed, or said something unreadable. */
export type TroubleKind = "away" | "empty" | "refused" | "failed" | "garbled";

/** The problem type of a server whose database is still empty. */
const NO_GROUND = "/problems/no-ground";

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    /** The server's own sentence, where it gave one. */
    readonly detail: string | null,
  ) {
    super(detail ?? kind);
    this.name = "Trouble";
  }
}

/**
 * Asks the server for `path` and gives the answer as `read` understands it.
 *
 * Throws a {@link Trouble}, or the `AbortError` of `signal` when the question was given up.
 */
export async function ask<T>(path: string, signal: AbortSignal, read: (json: unknown) => T): Promise<T> {
  const response = await reach(path, signal);
  const body = await response.text().catch((error: unknown) => giveUp(error, "away"));
  if (!response.ok) throw problem(response.status, body);
  try {
    return read(JSON.parse(body));
  } catch (error) {
    throw new Trouble("garbled", error instanceof Malformed ? error.message : null);
  }
}

async function reach(path: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, { signal, headers: { accept: "application/geo+json, application/json" } });
  } catch (error) {
    return giveUp(error, "away");
  }
}

function giveUp(error: unknown, kind: TroubleKind): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Trouble(kind, null);
}

/** Reads a problem document (RFC 9457); a refusal without one still says that it is a refusal. */
function problem(status: number, body: string): Trouble {
  const kind = status < 500 ? "refused" : status === 503 ? "away" : "failed";
  try {
    const document = fields(JSON.parse(body), "problem");
    if (document.type === NO_GROUND) return new Trouble("empty", null);
    return new Trouble(kind, maybe(document.detail, "detail", text) ?? maybe(document.title, "title", text));
  } catch {
    return new Trouble(kind, null);
  }
}
