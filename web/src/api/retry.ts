/**
 * The one way in which everything is asked again: figures, shapes, tiles, and the page's own code.
 *
 * What waits takes turns: one asks at a time, after a pause that doubles with each failure, so that a server which comes
 * back is not met by all that was missed at once. When one is answered all others ask, and so they do as soon as the
 * device is online again, the page is looked at again, or the reader wishes.
 */
import { Trouble } from "./trouble";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4000;

/** No server's wish for rest is minded longer. */
const LONGEST_REST_MS = 60_000;

/** A question that failed and is asked again; `wake` is there while it waits for its turn. */
type Pending = { trouble: Trouble; wake: (() => void) | null };

/** Those that failed, the one whose turn is next first. */
const pending = new Set<Pending>();
let nFailures = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
let heard: (trouble: Trouble | null) => void = () => undefined;

/** Tells `listener` what is in the way of the question that failed first; `null` when nothing is any more. */
export function onOutage(listener: typeof heard): void {
  heard = listener;
}

/**
 * Asks until there is an answer. Each failure that may pass is told to `failed`; any other is thrown, and so is the
 * `AbortError` of `signal`.
 */
export async function persist<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  failed: (trouble: Trouble) => void = () => undefined,
): Promise<T> {
  let mine: Pending | null = null;
  try {
    for (;;) {
      try {
        const value = await ask();
        if (mine) nFailures = 0;
        return value;
      } catch (error) {
        if (signal.aborted || !(error instanceof Trouble) || !error.mayPass) throw error;
        mine = again(mine, error);
        failed(error);
        await turn(mine, signal);
      }
    }
  } finally {
    if (mine) settle(mine, signal.aborted);
  }
}

/** Lets all that wait ask at once. */
export function askAllAgain(): void {
  nFailures = 0;
  stopTimer();
  for (const { wake } of [...pending]) wake?.();
}

/** Puts a question that failed behind the others. */
function again(before: Pending | null, trouble: Trouble): Pending {
  if (before) pending.delete(before);
  const now = { trouble, wake: null };
  pending.add(now);
  tell();
  return now;
}

function settle(done: Pending, isGivenUp: boolean): void {
  pending.delete(done);
  tell();
  if (pending.size === 0) stopTimer();
  else if (!isGivenUp) askAllAgain();
}

function tell(): void {
  const [first] = pending;
  heard(first?.trouble ?? null);
}

function turn(of: Pending, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (how: () => void) => () => {
      signal.removeEventListener("abort", giveUp);
      of.wake = null;
      how();
    };
    const giveUp = end(() => reject(signal.reason));
    of.wake = end(resolve);
    signal.addEventListener("abort", giveUp);
    wait();
  });
}

function wait(): void {
  timer ??= setTimeout(wakeNext, pause());
}

/** Between a half and the whole of a time that doubles: pages that failed together do not come again together. */
function pause(): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** nFailures);
  const rests = [...pending].map(({ trouble }) => trouble.restMs);
  return Math.max(longest * (0.5 + Math.random() / 2), Math.min(LONGEST_REST_MS, ...rests));
}

function wakeNext(): void {
  timer = null;
  nFailures++;
  const waiting = [...pending].filter(({ wake }) => wake !== null);
  // The next turn does not wait for this one's answer, which may never come.
  if (waiting.length > 1) wait();
  waiting[0]?.wake?.();
}

function stopTimer(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
}
