/**
 * The state of the page, as signals. The address is its home: {@link view} is read from it at the start and written
 * back at every change, so that a link shows what its sender saw.
 */
import { computed, signal } from "@preact/signals";
import { askGrids, type Grid } from "../api/grids";
import { askRegion, type Level, type Region } from "../api/region";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { outage } from "./outage";
import type { Pair } from "./pair";
import { type Loaded, resource } from "./resource";
import { isPhone } from "./screen";
import { type Language, readUrl, type Task, type View, writeUrl } from "./url";
import { watch } from "./watch";

/** The level that is shown when the address names none, where the region has it. */
export const FIRST_LEVEL = "grid";

/** The exact shapes and names of more grids than this are not asked for at once: their vector tiles have to do. */
export const MAX_GEOJSON_GRIDS = 2000;

/**
 * Whether shapes, names and the figures of every metric are wanted already: the map shows its first colours without them,
 * by its tiles and one metric's figures.
 */
export const detailed = signal(false);

export const view = signal<View>(readUrl(location.search));

/** Changes that "back" undoes; the rest only rewrites the address. */
const STEPS: readonly (keyof View)[] = ["task", "place", "chosen", "question"];

/** What "back" brings back: the step, with what it was seen with. Whatever else was set since stays. */
const UNDONE: readonly (keyof View)[] = [...STEPS, "level", "off", "within", "against", "camera"];

/** Takes from an address what "back" brings back. */
export function showBefore(then: View): void {
  const step = Object.fromEntries(UNDONE.map((key) => [key, then[key]]));
  show({ ...step, mode: then.mode }, true);
}

/** Changes part of the view, and the address with it; `quietly` leaves no step for "back". */
export function show(change: Partial<View>, quietly = false): void {
  const before = view.value;
  const isStep = !quietly && STEPS.some((key) => key in change && change[key] !== before[key]);
  const after = { ...before, ...change };
  const address = location.pathname + writeUrl(after);
  // The address goes first: what follows the view may move the map, which writes the address again.
  if (isStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  view.value = after;
}

/** Shows another task. The area that was chosen, and the classes that were switched off, are of the one before. */
export function showTask(to: Task): void {
  if (to !== task.peek()) show({ task: to, chosen: null, off: [] });
}

export const camera = computed(() => view.value.camera);
export const question = computed(() => view.value.question);
export const filter = computed(() => view.value.filter);
export const language = computed<Language>(
  () => view.value.language ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
);
export const words = computed(() => (language.value === "zh" ? zh : en));
export const region = resource<Region>();

/** A link with a question in it opens where it is answered; so does a citizen's phone: it is what they come for. */
export const task = computed<Task>(() => {
  const first = isPhone && region.value.value?.open === false ? "locate" : "coverage";
  return view.value.task ?? (view.value.question ? "locate" : first);
});

/** From the top down. */
export const levels = computed<readonly Level[]>(() => region.value.value?.levels ?? []);

/** The level on the map: the address's where the region has it, else the first choice, else the deepest. */
export const level = computed<string | null>(() => {
  const codes = levels.value.map((one) => one.code);
  const wanted = view.value.level;
  if (wanted !== null && codes.includes(wanted)) return wanted;
  return codes.includes(FIRST_LEVEL) ? FIRST_LEVEL : (codes.at(-1) ?? null);
});

/** The levels above the one shown, from the top: their lines are drawn over it. */
export const levelsAbove = computed(() => {
  const codes = levels.value.map((one) => one.code);
  return codes.slice(0, Math.max(0, codes.indexOf(level.value ?? "")));
});

const gridsByLevel = signal<Readonly<Record<string, ReturnType<typeof resource<Grid[]>>>>>({});

/** Tells whether a level has so many grids that there are only its tiles. */
export function isTiled(code: string | null): boolean {
  return (levels.value.find((one) => one.code === code)?.nGrids ?? 0) > MAX_GEOJSON_GRIDS;
}

/** How far the grids of a level are on their way. */
export function gridsState(code: string | null): Loaded<Grid[]> | null {
  return code === null ? null : (gridsByLevel.value[code]?.value ?? null);
}

/** The grids of a level as far as they are here. */
export function gridsOf(code: string | null): readonly Grid[] | null {
  return gridsState(code)?.value ?? null;
}

/** Every grid that is here, by its code. */
export const gridsByCode = computed(() => {
  const all = new Map<string, { grid: Grid; level: string }>();
  for (const { code } of levels.value)
    for (const grid of gridsOf(code) ?? []) all.set(grid.code, { grid, level: code });
  return all;
});

export function loadRegion(): void {
  region.load(askRegion);
}

/** Looks for a newer revision, unless the page waits for the server anyway. */
export function refreshRegion(): void {
  if (region.peek().status !== "loading" && outage.peek() === null) loadRegion();
}

/** Asks for a level's grids unless they are here, on their way or too many; `again` asks in any case. */
export function loadGrids(code: string, again = false): void {
  let grids = gridsByLevel.peek()[code];
  if ((grids && !again) || isTiled(code)) return;
  if (!grids) {
    grids = resource<Grid[]>();
    gridsByLevel.value = { ...gridsByLevel.peek(), [code]: grids };
  }
  grids.load((signal) => askGrids(code, signal));
}

/** The area under the pointer; `at` is `null` where that is on its row in the table. */
export type Hover = { code: string; name: string | null; at: OnMap | null };

/** Pixels of all that is drawn, and on which side of them there is room to tell about what is there. */
type OnMap = {
  x: number;
  y: number;
  toLeft: boolean;
  above: boolean;
  /** Whether the map there shows the days that are compared with. */
  isEarlier: boolean;
};

export const hovered = signal<Hover | null>(null);

/** What the panels may ask of the map, once there is one. */
export type MapCommands = {
  zoomIn(): void;
  zoomOut(): void;
  whole(): void;
  goTo(lon: number, lat: number, zoom: number): void;
  /** Draws a second map beside this one, until what is returned is called. */
  beside(container: HTMLElement, pair: Pair): () => void;
  /** What is drawn now, drawn on a canvas of its own with so many pixels for each of the page. */
  picture(ratio: number): HTMLCanvasElement;
};

/** The level whose areas are all on the map; `null` until there are some. */
export const levelDrawn = signal<string | null>(null);

export const map = signal<MapCommands | "undrawable" | null>(null);

/** How often a page that is left open looks for a newer revision. */
const REFRESH_MS = 60_000;

/** Starts the page's own life: what is shown is asked for. */
export function start(): void {
  watch(() => language.value, nameDocument);
  watch(() => region.value.value?.names[language.value], nameDocument);
  watch(
    () => (detailed.value ? [...levelsAbove.value, level.value] : []),
    (codes) => {
      for (const code of codes) if (code !== null) loadGrids(code);
    },
  );
  // A newer revision makes the grids that are here come anew.
  onNewRevision(() => {
    for (const code of Object.keys(gridsByLevel.peek())) loadGrids(code, true);
  });
  loadRegion();
  const refresh = () => document.visibilityState === "visible" && refreshRegion();
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", refresh);
}

/** The revision of the ground and its counts: whoever reads it asks anew when there is a newer one. */
export const revision = computed(() => region.value.value?.revision ?? null);

/** Calls `act` whenever there is a newer revision than the one before. */
export function onNewRevision(act: () => void): void {
  let before: number | null = null;
  watch(
    () => revision.value,
    (now) => {
      const isNew = before !== null && now !== null && now !== before;
      before = now ?? before;
      if (isNew) act();
    },
  );
}

function nameDocument(): void {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  const name = region.value.value?.names[language.value];
  document.title = name ? `${name} · ${words.value.product}` : words.value.product;
}
