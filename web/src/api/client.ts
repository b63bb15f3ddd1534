import { fields, Malformed, maybe, text } from "./parse";
import type { paths } from "./schema";

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

/** Paths of the API that are asked by `GET`. */
export type ApiPath = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];

/** The query parameters that the API declares for a path. */
export type ApiQuery<P extends ApiPath> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? Q : never;

/** Writes the address of a question, seen from the page: it may stand below any path. A parameter that the server does not declare is a type error. `null` is left out. */
export function address<P extends ApiPath>(
  path: P,
  query: { [K in keyof ApiQuery<P>]?: ApiQuery<P>[K] | null } = {},
): string {
  const written = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const search = new URLSearchParams(written.map(([name, value]): [string, string] => [name, String(value)]));
  return `api${path}${written.length ? `?${search.toString().replaceAll("%2C", ",")}` : ""}`;
}

/**
 * The address of the API that a link of the server means, whatever host and path the server thinks it is reached by. The
 * braces of a template stay.
 */
export function onThisServer(href: string): string {
  const root = location.origin + location.pathname.replace(/[^/]*$/, "");
  return root + href.replace(/^.*?\/(?=api\/)/, "");
}

/** An answer that was read once, and the tag by which the server knows it. */
type Kept = { etag: string; value: unknown };

/** Answers kept for the next time they are asked for, oldest use first. */
const kept = new Map<string, Kept>();
const MAX_KEPT = 40;

/**
 * Asks the server for `path` and gives the answer as `read` understands it.
 *
 * An answer with an `ETag` is kept: asked again, an unchanged one is the same object as before, not read anew.
 * Throws a {@link Trouble}, or the `AbortError` of `signal` when the question was given up.
 */
export async function ask<T>(path: string, signal: AbortSignal, read: (json: unknown) => T): Promise<T> {
  const known = kept.get(path);
  const response = await reach(path, signal, known?.etag ?? null);
  if (response.status === 304 && known) return keep(path, known).value as T;
  const body = await response.text().catch((error: unknown) => giveUp(error, "away"));
  if (!response.ok) throw problem(response.status, body);
  const value = understood(body, read);
  const etag = response.headers.get("etag");
  if (etag !== null) keep(path, { etag, value });
  return value;
}

function understood<T>(body: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(body));
  } catch (error) {
    throw new Trouble("garbled", error instanceof Malformed ? error.message : null);
  }
}

function keep(path: string, answer: Kept): Kept {
  kept.delete(path);
  kept.set(path, answer);
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return answer;
}

async function reach(path: string, signal: AbortSignal, etag: string | null): Promise<Response> {
  const headers = new Headers({ accept: "application/geo+json, application/json" });
  if (etag !== null) headers.set("if-none-match", etag);
  try {
    // The browser's own cache would keep every answer a second time.
    return await fetch(path, { signal, headers, cache: "no-store" });
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
