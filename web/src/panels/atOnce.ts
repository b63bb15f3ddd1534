import { computed, effect, untracked } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/**
 * Runs `act` within the very change of what `read` gives, and once when the component is there.
 *
 * A key that moves the focus, or opens a dialog, has to have done so when it returns: what is typed next belongs there.
 * `useSignalEffect` waits for the next frame, and begins to hear only after the first.
 */
export function useAtOnce<T>(read: () => T, act: (value: T) => void): void {
  useLayoutEffect(() => {
    const value = computed(read);
    return effect(() => {
      const now = value.value;
      untracked(() => act(now));
    });
  }, []);
}
