import { askBytes } from "./client";

/** When this page last began anew for a part that did not come, kept over that. */
const BEGUN = "gridmap-begun-anew";
const AGAIN_MS = 30_000;

/**
 * Loads a part of the page's own code when it is asked for.
 *
 * A browser remembers of a part that it did not come, and does not fetch it again: the page begins anew once its server
 * is back. Its address holds what it showed. What still does not come then is thrown.
 */
export async function load<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    const before = Number(sessionStorage.getItem(BEGUN) ?? 0);
    if (!(error instanceof TypeError) || Date.now() - before < AGAIN_MS) throw error;
    await askBytes(location.href, new AbortController().signal);
    sessionStorage.setItem(BEGUN, String(Date.now()));
    location.reload();
    return new Promise(() => undefined);
  }
}
