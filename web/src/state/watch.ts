import { computed, effect } from "@preact/signals";

/**
 * Calls `act` with what `read` gives, now and after every change of it; returns a way to stop.
 *
 * What follows a change may change the state in its turn. Within the effect that notices the change it would be noticed
 * again there, without end: so it follows right after, before the next event and the next frame. Several changes at
 * once are followed once, by what holds then.
 */
export function watch<T>(read: () => T, act: (value: T) => void): () => void {
  const seen = computed(read);
  let isDue = false;
  let isOver = false;
  const follow = () => {
    isDue = false;
    if (!isOver) act(seen.peek());
  };
  const stop = effect(() => {
    void seen.value;
    if (!isDue) queueMicrotask(follow);
    isDue = true;
  });
  return () => {
    isOver = true;
    stop();
  };
}
