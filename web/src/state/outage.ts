/** What keeps the whole page from its answers; each place says for itself what was refused there alone. */
import { signal } from "@preact/signals";
import { askAllAgain, onOutage } from "../api/retry";
import { serverAhead } from "../api/server";
import type { Trouble } from "../api/trouble";

/** Why something that is wanted is not here and is asked for again; `null` while nothing is. */
export const outage = signal<Trouble | null>(null);

/** When that began, by the server's clock, in milliseconds. */
export const outageSince = signal(0);

/** What begins anew sooner is the same. */
const SAME_MS = 10_000;

let ended = 0;

/** Whether something went wrong within this page itself, which only a fresh start can mend. */
export const isBroken = signal(false);

/** Hears of outages, of what may have ended them, and of exceptions that nobody caught. */
export function followOutage(): void {
  onOutage((trouble) => {
    const now = Date.now() + serverAhead();
    // A question that is given up for another one ends nothing.
    if (outage.peek() === null && now - ended > SAME_MS) outageSince.value = now;
    if (trouble === null) ended = now;
    outage.value = trouble;
  });
  addEventListener("online", askAllAgain);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") askAllAgain();
  });
  addEventListener("error", ({ error }) => noteFault(error));
  addEventListener("unhandledrejection", ({ reason }) => noteFault(reason));
}

/** Browsers tell of a layout that took two rounds without an exception; what was given up on purpose is no fault. */
function noteFault(error: unknown): void {
  if (error && !(error instanceof DOMException && error.name === "AbortError")) isBroken.value = true;
}
