/**
 * Everything that can be done with a key, once: the keyboard, the tooltips of the buttons and the sheet behind `?` all
 * read this list.
 */
import { type Signal, signal } from "@preact/signals";
import type { Dictionary } from "../i18n/en";
import { askHere } from "./answer";
import { week } from "./measured";
import { language, levels, type MapCommands, map, show, showTask, view } from "./page";
import { climb, measuredLevel } from "./places";
import { playing, showWeek, togglePlaying } from "./play";
import { printed } from "./printed";
import { share } from "./share";
import { theme } from "./theme";
import { isWall, toggleWall } from "./wall";

/** What lies open over the page. */
export const open: Signal<"keys" | "terms" | null> = signal(null);

/** The search box asks to be focused by counting up. */
export const searchAsked = signal(0);

export type Action = {
  /** As it is printed: `Ctrl+K`, `?`. */
  keys: string;
  /** What it does, in the dictionary. */
  name: keyof Dictionary & `do_${string}`;
  run(): void;
};

export const ACTIONS = {
  search: action("Ctrl+K", "do_search", () => searchAsked.value++),
  coverage: action("1", "do_coverage", () => showTask("coverage")),
  hotspots: action("2", "do_hotspots", () => showTask("hotspots")),
  locate: action("3", "do_locate", () => showTask("locate")),
  here: action("G", "do_here", askHere),
  finer: action("]", "do_finer", () => stepLevel(1)),
  coarser: action("[", "do_coarser", () => stepLevel(-1)),
  up: action("U", "do_up", climb),
  play: action("P", "do_play", togglePlaying),
  weekBefore: action(",", "do_weekBefore", () => stepWeek(-1)),
  weekAfter: action(".", "do_weekAfter", () => stepWeek(1)),
  heat: action("H", "do_heat", () => {
    showTask("hotspots");
    show({ surface: view.value.surface === "heat" ? "rate" : "heat" });
  }),
  zoomIn: action("+", "do_zoomIn", () => withMap((commands) => commands.zoomIn())),
  zoomOut: action("-", "do_zoomOut", () => withMap((commands) => commands.zoomOut())),
  whole: action("0", "do_whole", () => withMap((commands) => commands.whole())),
  wall: action("F", "do_wall", toggleWall),
  share: action("S", "do_share", () => void share()),
  language: action("L", "do_language", () => show({ language: language.value === "zh" ? "en" : "zh" })),
  theme: action("T", "do_theme", () => show({ theme: theme.value === "dark" ? "light" : "dark" })),
  keys: action("?", "do_keys", () => (open.value = open.value === "keys" ? null : "keys")),
  close: action("Esc", "do_close", close),
} as const;

export type ActionName = keyof typeof ACTIONS;

function action(keys: string, name: Action["name"], run: () => void): Action {
  return { keys, name, run };
}

function withMap(act: (commands: MapCommands) => void): void {
  if (map.value !== null && map.value !== "undrawable") act(map.value);
}

function stepLevel(by: number): void {
  const at = levels.value.findIndex((one) => one.code === measuredLevel.value);
  const next = levels.value[at + by];
  if (next) show({ level: next.code, off: [], chosen: null });
}

function stepWeek(by: number): void {
  playing.value = false;
  showWeek((week.value ?? (by > 0 ? -1 : 0)) + by);
}

function close(): void {
  if (open.value) open.value = null;
  else if (isWall.value) toggleWall();
  else if (week.value !== null) showWeek(null);
  else if (view.value.question) show({ question: null });
  else show({ chosen: null });
}

/** What a person at this event is writing into; keys belong to it then. */
function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const typed = target instanceof HTMLInputElement && !["radio", "checkbox", "button", "range"].includes(target.type);
  return (
    typed || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

/** Hears the keyboard for the whole page. */
export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    const key = printed(event);
    const found = Object.values(ACTIONS).find((one) => one.keys === key);
    if (!found || event.defaultPrevented) return;
    // Ctrl+K and Esc reach through a field; every other key is text there.
    if (isTyping(event) && found !== ACTIONS.search && found !== ACTIONS.close) return;
    // A held key repeats; the map zooms by its own keys where it has the focus.
    if (event.repeat || (event.target instanceof HTMLCanvasElement && ["+", "-"].includes(found.keys))) return;
    event.preventDefault();
    found.run();
  });
}
