/**
 * The state of the page, as signals. The address is its home: {@link view} is read from it at the start and written
 * back at every change, so that a link shows what its sender saw.
 */
import { computed, effect, signal } from "@preact/signals";
import type { Coordinates } from "../api/features";
import { askGrids, type Grid } from "../api/grids";
import { askIncidentPlaces } from "../api/incidents";
import { type Answer, askAnswer, type Question } from "../api/locate";
import { askRegion, type Region } from "../api/region";
import { en } from "../i18n/en";
import { zh } from "../i18n/zh";
import { classify } from "./classes";
import { resource } from "./resource";
import { type Language, readUrl, type View, writeUrl } from "./url";

/** The level that is shown when the address names none, where the region has it. */
const FIRST_LEVEL = "grid";

const view = signal<View>(readUrl(location.search));

/** Changes part of the view. A new question is a step that "back" undoes; the rest only rewrites the address. */
export function show(change: Partial<View>): void {
  const asked = change.question !== undefined && change.question !== null;
  view.value = { ...view.value, ...change };
  const address = location.pathname + writeUrl(view.value);
  if (asked) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

export const camera = computed(() => view.value.camera);
export const heatShown = computed(() => view.value.heat);
export const question = computed(() => view.value.question);
export const language = computed<Language>(
  () => view.value.language ?? (navigator.language.startsWith("zh") ? "zh" : "en"),
);
export const words = computed(() => (language.value === "zh" ? zh : en));

export const region = resource<Region>();
export const incidents = resource<Coordinates[]>();
export const answer = resource<Answer>();
const gridsByLevel = signal<Readonly<Record<string, ReturnType<typeof resource<Grid[]>>>>>({});

/** The level on the map: the address's where the region has it, else the first choice, else the deepest. */
export const level = computed<string | null>(() => {
  const codes = region.value.value?.levels.map((one) => one.code) ?? [];
  const wanted = view.value.level;
  if (wanted !== null && codes.includes(wanted)) return wanted;
  return codes.includes(FIRST_LEVEL) ? FIRST_LEVEL : (codes.at(-1) ?? null);
});

/** The levels above the one shown, from the top: their lines are drawn over it. */
export const levelsAbove = computed(() => {
  const codes = region.value.value?.levels.map((one) => one.code) ?? [];
  return codes.slice(0, Math.max(0, codes.indexOf(level.value ?? "")));
});

/** The grids of a level as far as they are here. */
export function gridsOf(code: string | null): Grid[] | null {
  return code === null ? null : (gridsByLevel.value[code]?.value.value ?? null);
}

/** The area under the pointer, at pixels of the map, and on which side of it there is room to tell about it. */
export type Hover = { gridId: string; x: number; y: number; toLeft: boolean; above: boolean };

export const hovered = signal<Hover | null>(null);

export const shown = computed(() => gridsOf(level.value));
export const shownState = computed(() => (level.value === null ? null : gridsByLevel.value[level.value]?.value.status));
export const classes = computed(() => classify((shown.value ?? []).map((grid) => grid.nHouseholds)));

export function loadRegion(): void {
  region.load(askRegion);
}

export function loadAnswer(asked: Question | null): void {
  if (asked) answer.load((signal) => askAnswer(asked, signal));
  else answer.clear();
}

export function loadIncidents(): void {
  incidents.load(askIncidentPlaces);
}

/** Asks for a level's grids unless they are here or on their way; `again` asks in any case. */
export function loadGrids(code: string, again = false): void {
  let grids = gridsByLevel.peek()[code];
  if (grids && !again) return;
  if (!grids) {
    grids = resource<Grid[]>();
    gridsByLevel.value = { ...gridsByLevel.peek(), [code]: grids };
  }
  grids.load((signal) => askGrids(code, signal));
}

/** Starts the page's own life: what is shown is asked for, and "back" is heard. */
export function start(): void {
  addEventListener("popstate", () => {
    view.value = { ...readUrl(location.search), camera: view.value.camera };
  });
  effect(() => {
    document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
    const name = region.value.value?.names[language.value];
    document.title = name ? `${name} · ${words.value.product}` : words.value.product;
  });
  effect(() => loadAnswer(question.value));
  effect(() => {
    if (level.value !== null) loadGrids(level.value);
    // Lines of the levels above come after the level itself, so that its colours are there first.
    if (shown.value) for (const code of levelsAbove.value) loadGrids(code);
  });
  effect(() => {
    if (heatShown.value && incidents.value.status === "idle") loadIncidents();
  });
  loadRegion();
}
