import { useLayoutEffect } from "preact/hooks";
import { watch } from "../state/watch";

/**
 * Runs `act` right after every change of what `read` gives, and once when the component is there.
 *
 * A key that moves the focus, or opens a dialog, has to have done so before the next key: what is typed next belongs
 * there. `useSignalEffect` waits for the next frame, and begins to hear only after the first.
 */
export function useAtOnce<T>(read: () => T, act: (value: T) => void): void {
  useLayoutEffect(() => watch(read, act), []);
}
