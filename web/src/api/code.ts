import { askBytes } from "./client";

/** When this page last began anew by itself, kept over that. */
const BEGUN = "gridmap-begun-anew";

/** Sooner it does not do so again: what did not help once goes on not helping. */
const AGAIN_MS = 300_000;

/** How often it is looked whether the reader still types. */
const LOOK_MS = 500;

/** All that waited asks at once when a server is back: within this it is answered. */
const SHOWN_MS = 2000;

/** Whether the page is about to be gone: several parts that did not come ask for that at once. */
let isEnding = false;

/** Begins the page anew, unless it just did so and no outage was `seen` since; its address holds what it showed. */
export function beginAnew(seen = false): boolean {
  if (isEnding) return true;
  const before = Number(sessionStorage.getItem(BEGUN) ?? 0);
  if (!seen && Date.now() - before < AGAIN_MS) return false;
  isEnding = true;
  sessionStorage.setItem(BEGUN, String(Date.now()));
  location.reload();
  return true;
}

/**
 * Loads a part of the page's own code when it is asked for.
 *
 * A browser remembers of a part that it did not come, and does not fetch it again: the page begins anew once its server
 * is back. What still does not come then is thrown.
 */
export async function load<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    if (!isMissing(error)) throw error;
    let wasAway = false;
    await askBytes(location.href, new AbortController().signal, () => {
      wasAway = true;
    });
    await nothingTyped();
    if (!beginAnew(wasAway)) throw error;
    return new Promise(() => undefined);
  }
}

/** Waits until no field has a text that would be lost, and what was asked before is answered and in the address. */
async function nothingTyped(): Promise<void> {
  const isTyping = () => document.activeElement instanceof HTMLInputElement && document.activeElement.value !== "";
  const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  do {
    while (isTyping()) await rest(LOOK_MS);
    await rest(SHOWN_MS);
  } while (isTyping());
}

/** A script that did not come is a type error by the standard; of a style sheet Vite tells in its own words. */
function isMissing(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.message.startsWith("Unable to preload CSS"));
}
