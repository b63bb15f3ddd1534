/** The hint for who is here for the first time; once read it is gone for good, in this browser. */
import { signal } from "@preact/signals";

const KEY = "gridmap.hint-read";

export const isHinted = signal(!wasRead());

function wasRead(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    // A browser that keeps nothing would hint for ever.
    return true;
  }
}

export function endHint(): void {
  isHinted.value = false;
  try {
    localStorage.setItem(KEY, "1");
  } catch {
    // Storage is full: it is gone for this visit.
  }
}
