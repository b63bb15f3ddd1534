import { Malformed } from "./parse";
import { persist } from "./retry";
import type { paths } from "./schema";
import { note } from "./server";
import { readProblem, Trouble } from "./trouble";

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
  const headers = new Headers({ accept: "application/geo+json, application/json" });
  if (known) headers.set("if-none-match", known.etag);
  // The browser's own cache would keep every answer a second time.
  const response = await reach(path, { signal, headers, cache: "no-store" });
  if (response.status === 304 && known) return keep(path, known).value as T;
  const body = await response.text().catch(giveUp);
  if (!response.ok) throw readProblem(response, body);
  const value = understood(body, read);
  const etag = response.headers.get("etag");
  if (etag !== null) keep(path, { etag, value });
  return value;
}

function understood<T>(body: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(body));
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) throw new Trouble("garbled", error.message);
    throw error;
  }
}

function keep(path: string, answer: Kept): Kept {
  kept.delete(path);
  kept.set(path, answer);
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return answer;
}

/** Asks for the bytes at an address of this server, as often as it takes; each failure is told to `failed`. */
export function askBytes(url: string, signal: AbortSignal, failed?: () => void): Promise<ArrayBuffer> {
  const ask = async () => {
    const response = await reach(url, { signal });
    if (!response.ok) throw readProblem(response, await response.text().catch(giveUp));
    return response.arrayBuffer().catch(giveUp);
  };
  return persist(ask, signal, failed);
}

/** Longer than the server itself takes to begin an answer: what comes later does not come. */
const LONGEST_SILENCE_MS = 40_000;

async function reach(path: string, options: RequestInit & { signal: AbortSignal }): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), LONGEST_SILENCE_MS);
  try {
    const response = await fetch(path, { ...options, signal: AbortSignal.any([options.signal, silence.signal]) });
    note(response);
    return response;
  } catch (error) {
    return silence.signal.aborted ? giveUp(null) : giveUp(error);
  } finally {
    clearTimeout(timer);
  }
}

function giveUp(error: unknown): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Trouble("away");
}
