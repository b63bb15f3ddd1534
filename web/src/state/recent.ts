/** The last look-ups, kept in this browser alone: they are in no address and never sent to the server. */
import { computed, signal } from "@preact/signals";
import { FRAMES } from "../api/locate";
import { fields, list, Malformed, number, object } from "../api/parse";
import { readFoundGrid, readFoundHolder } from "../api/search";
import type { Place } from "./coordinates";
import { region } from "./page";
import type { Found } from "./search";

const KEY = "gridmap.recent";
const MAX_KEPT = 8;

const readAt = object<{ at: Place }>({ at: object<Place>({ lon: number, lat: number }) });

const kept = signal<readonly Found[]>(read());

/** The newest first. Whoever may find no persons is shown none that were found here before. */
export const recent = computed(() => kept.value.filter(({ kind }) => kind !== "holder" || region.value.value?.open));

/** Puts a look-up before all earlier ones; of a person no telephone is kept. */
export function keepRecent(found: Found): void {
  const bare: Found = found.kind === "holder" ? { ...found, phone: null } : found;
  const others = kept.peek().filter((one) => JSON.stringify(one) !== JSON.stringify(bare));
  kept.value = [bare, ...others].slice(0, MAX_KEPT);
  store(() => localStorage.setItem(KEY, JSON.stringify(kept.peek())));
}

export function clearRecent(): void {
  kept.value = [];
  store(() => localStorage.removeItem(KEY));
}

/** A browser that keeps nothing is no fault: the look-ups of this visit are there all the same. */
function store(change: () => void): void {
  try {
    change();
  } catch {
    // Storage is full or forbidden.
  }
}

function read(): Found[] {
  try {
    return list(JSON.parse(localStorage.getItem(KEY) ?? "[]"), "recent", readKept).slice(0, MAX_KEPT);
  } catch {
    return [];
  }
}

function readKept(value: unknown, where: string): Found {
  const { kind, frame } = fields(value, where);
  if (kind === "grid") return { kind, ...readFoundGrid(value, where) };
  if (kind === "holder") return { kind, ...readFoundHolder(value, where) };
  const known = FRAMES.find((one) => one === frame);
  if (!known) throw new Malformed(where, "a look-up");
  return { kind: "place", ...readAt(value, where), frame: known, accuracyM: 0 };
}
