/** Finds what is typed or pasted: a place by its coordinate or a link to it, anything else by its name, over the server. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { load } from "../api/code";
import type { Grid } from "../api/grids";
import type { Frame, Question } from "../api/locate";
import { askNames, type FoundGrid, type FoundHolder } from "../api/search";
import { askThere } from "./answer";
import type { Place } from "./coordinates";
import { FIRST_LEVEL, levels, question, region, task } from "./page";
import { type NoPlace, type Pasted, readPasted } from "./pasted";
import { depthOf, goInto, lookUp } from "./places";
import { keepRecent } from "./recent";
import { type Loaded, resource } from "./resource";
import { watch } from "./watch";

export type Found =
  | { kind: "place"; at: Place; frame: Frame; accuracyM: number }
  | ({ kind: "grid" } & FoundGrid)
  | ({ kind: "holder" } & FoundHolder);

/** What tells one from another. */
export function keyOf(found: Found): string {
  return found.kind === "place" ? `${found.at.lon},${found.at.lat},${found.frame}` : `${found.kind} ${found.id}`;
}

/** A coordinate can be meant in these frames, where nothing says which: the reader chooses. */
const OFFERED: readonly Frame[] = ["wgs84", "gcj02", "bd09"];

/** The server is asked when nothing more was typed for so long. */
const PAUSE_MS = 120;

/** Longer texts are no names. */
const MAX_CHARS = 80;

/** One field, and what is found for its text. */
export type Finder = {
  readonly text: Signal<string>;
  /** The one coordinate in it. */
  readonly pasted: ReadonlySignal<Pasted | NoPlace>;
  readonly found: ReadonlySignal<readonly Found[]>;
  /** Why there is nothing: no one coordinate, and no name either. */
  readonly fault: ReadonlySignal<NoPlace | null>;
  readonly asking: ReadonlySignal<Loaded<unknown>>;
};

export function finder(): Finder {
  const text = signal("");
  const names = resource<readonly Found[]>();
  const pasted = computed(() => readPasted(text.value, region.value.value?.bbox ?? null));
  const isName = computed(() => pasted.value === "unreadable" && text.value.trim().length <= MAX_CHARS);
  watch(
    () => (isName.value ? text.value.trim() : null),
    (typed) => {
      if (typed === null) return names.clear();
      names.load(async (signal) => {
        await pause(signal);
        const { grids, holders } = await askNames(typed, signal);
        return [
          ...grids.map((grid): Found => ({ kind: "grid", ...grid })),
          ...holders.map((holder): Found => ({ kind: "holder", ...holder })),
        ];
      });
    },
  );
  const found = computed(() => placesIn(pasted.value) ?? (isName.value ? (names.value.value ?? []) : []));
  const fault = computed(() => (typeof pasted.value === "string" && !isName.value ? pasted.value : null));
  return { text, pasted, found, fault, asking: computed(() => names.value) };
}

function placesIn(pasted: ReturnType<typeof readPasted>): Found[] | null {
  if (typeof pasted === "string") return null;
  const { at, frames, accuracyM } = pasted;
  const offered = frames.length > 0 ? frames : OFFERED;
  return offered.map((frame) => ({ kind: "place", at, frame, accuracyM: accuracyM ?? 0 }));
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE_MS);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Goes to what was found; somebody is found where they serve. */
export function go(to: Found): void {
  keepRecent(to);
  if (to.kind === "place") askThere(to.at.lon, to.at.lat, to.frame, { accuracyM: to.accuracyM });
  else if (to.kind === "grid") goToGrid(to.code);
  else if (to.grid) goToGrid(to.grid.code);
}

function goToGrid(code: string): void {
  if (task.value !== "locate") goInto(code);
  else askWithin(code);
}

/** Asks who is responsible within a grid, at a place inside it; of what holds many grids the figures are shown instead. */
function askWithin(code: string): void {
  const before = question.peek();
  lookUp(code, (grid) => {
    // Whoever asked for something else meanwhile stays there.
    if (task.peek() !== "locate" || question.peek() !== before) return;
    if (grid && isOne(grid)) void askInside(grid, before);
    else goInto(code, { task: "coverage", question: null });
  });
}

/** Tells whether an area is no larger than a grid, or is of the deepest level where there are no grids. */
function isOne({ level }: Grid): boolean {
  const ofGrids = depthOf(FIRST_LEVEL);
  return depthOf(level) >= (ofGrids < 0 ? levels.peek().length - 1 : ofGrids);
}

async function askInside({ geometry }: Grid, before: Question | null): Promise<void> {
  const { labelRoom } = await load(() => import("../map/create"));
  const [lon, lat] = labelRoom(geometry).at;
  if (task.peek() === "locate" && question.peek() === before) askThere(lon, lat, "wgs84", { accuracyM: 0 });
}
