/** The areas by name: the one that is looked into, the way up from it, and going down. */
import { batch, computed, signal } from "@preact/signals";
import type { AreaGeometry } from "../api/features";
import { askGridByCode, type Grid } from "../api/grids";
import { Trouble } from "../api/trouble";
import { detailed, gridsByCode, level, levels, loadGrids, region, show, showBefore, view } from "./page";
import { resource } from "./resource";
import { type Camera, readUrl, type View } from "./url";
import { watch } from "./watch";

/** The area that is looked into, asked for by its code; `null` when the server knows no such code. */
export const place = resource<Grid | null>();

/** The code that is looked into; the whole region is `null`. */
export const placeCode = computed(() => {
  const code = view.value.place;
  return code === region.value.value?.code ? null : code;
});

/** One step of the way down to an area. */
export type Step = { code: string; name: string | null; level: string };

function stepOf(code: string): (Step & { parent: string | null }) | null {
  const here = gridsByCode.value.get(code);
  if (here) return { ...here.grid, level: here.level };
  const asked = place.value.value;
  return asked?.code === code ? asked : null;
}

/** The way from the top of the tree to the area with a code, as far as it is known; the area itself comes last. */
export function pathTo(code: string | null): Step[] {
  const path: Step[] = [];
  for (let at = code; at !== null && path.length < levels.value.length; ) {
    const step = stepOf(at);
    if (!step) break;
    path.unshift(step);
    at = step.parent;
  }
  return path;
}

export const path = computed(() => pathTo(placeCode.value));

export function depthOf(code: string | null): number {
  return levels.value.findIndex((one) => one.code === code);
}

/** The level that is measured and coloured: the one asked for, but always below the area that is looked into. */
export const measuredLevel = computed<string | null>(() => {
  const wanted = level.value;
  const inside = placeCode.value === null ? null : (place.value.value?.level ?? null);
  if (inside === null) return wanted;
  const below = depthOf(inside) + 1;
  return depthOf(wanted) >= below ? wanted : (levels.value[below]?.code ?? null);
});

/** Tells whether the areas shown have parts to look into. */
export const haveParts = computed(() => depthOf(measuredLevel.value) + 1 < levels.value.length);

/** Looks into an area; one with nothing below is chosen in the area above it. */
export function drillInto(code: string): void {
  const step = stepOf(code);
  if (step) lookInto(step);
  else if (haveParts.value) lookInto({ code, parent: null, level: measuredLevel.value });
  else choose(code);
}

function lookInto(step: { code: string; parent: string | null; level: string | null }, also: Partial<View> = {}): void {
  const below = levels.value[depthOf(step.level) + 1];
  if (below)
    show({ ...also, place: step.code, level: below.code, within: null, against: null, chosen: null, off: offWithin() });
  else show({ ...also, ...asChosen(step) });
}

/** The classes that stay switched off in an area that is looked into: limits of the reader's own mean the same there. */
function offWithin(): readonly number[] {
  return view.value.classing?.method === "manual" ? view.value.off : [];
}

/** Where the map shall go: to an area; to a place, with the area it lies in around it; or to where it was, which without a camera is all of the place. */
export type Goal = { area: AreaGeometry | null; at: { lon: number; lat: number } | null } | { camera: Camera | null };

/** Set by whoever was asked to go somewhere; the map goes there and clears it. */
export const goal = signal<Goal | null>(null);

/** An area that is gone to, asked for by its code where it is not here. */
export const sought = resource<Grid | null>();

/** Looks into the area with a code, wherever the reader was, and goes there; `also` is changed in the same step. */
export function goInto(code: string, also: Partial<View> = {}): void {
  seek(code, (grid) => {
    if (grid) lookInto(grid, also);
    // What cannot be found is said by the one place for it.
    else show({ ...also, place: code });
  });
}

/** Goes to a place so that all of the area around it is seen. */
export function goToPlace(at: { lon: number; lat: number }, code: string | null): void {
  if (code === null) goal.value = { area: null, at };
  else seek(code, () => undefined, at);
}

function seek(code: string, found: (grid: Grid | null) => void, at: { lon: number; lat: number } | null = null): void {
  lookUp(code, (grid) => {
    found(grid);
    if (grid || at) goal.value = { area: grid?.geometry ?? null, at };
  });
}

/** Gives the area with a code to `found`, asked for where it is not here; `null` where there is none. */
export function lookUp(code: string, found: (grid: Grid | null) => void): void {
  const here = gridsByCode.peek().get(code)?.grid;
  if (here) {
    found(here);
    return;
  }
  sought.load(async (signal) => {
    const grid = await askGridByCode(code, signal).catch((trouble: unknown) => {
      if (!(trouble instanceof Trouble) || trouble.mayPass) throw trouble;
      return null;
    });
    found(grid);
    return grid;
  });
}

function asChosen({
  code,
  parent,
  level: at,
}: {
  code: string;
  parent: string | null;
  level: string | null;
}): Partial<View> {
  return {
    place: parent === region.value.value?.code ? null : parent,
    level: at,
    within: null,
    against: null,
    chosen: code,
    off: [],
  };
}

/** Goes up to an area on the way, to the level that was left; `null` is the whole region. */
export function climbTo(code: string | null): void {
  const leaving = place.value.value?.level ?? null;
  show({
    place: code,
    within: null,
    against: null,
    chosen: null,
    off: [],
    ...(leaving === null ? {} : { level: leaving }),
  });
}

/** One step up. */
export function climb(): void {
  if (view.value.chosen !== null) show({ chosen: null });
  else if (placeCode.value !== null) climbTo(path.value.at(-2)?.code ?? null);
}

export function choose(code: string | null): void {
  show({ chosen: code });
}

/** Chooses an area among those shown, and goes there. */
export function chooseThere(code: string): void {
  choose(code);
  seek(code, () => undefined);
}

/** Hears "back": shows what was shown, where the map was. */
export function followHistory(): void {
  addEventListener("popstate", () => {
    const then = readUrl(location.search);
    batch(() => {
      showBefore(then);
      goal.value = { camera: then.camera };
    });
  });
}

/** Keeps {@link place} at the code in the address, and its areas here. */
export function followPlace(): void {
  watch(
    () => (detailed.value ? measuredLevel.value : null),
    (code) => code !== null && loadGrids(code),
  );
  watch(
    () => placeCode.value,
    (code) => {
      if (code === null) place.clear();
      else if (place.peek().value?.code !== code) {
        place.clear();
        place.load((signal) => askGridByCode(code, signal));
      }
    },
  );
  // A link into an area with nothing below it shows it among its neighbours.
  watch(
    () => {
      const asked = place.value.value;
      return levels.value.length > 0 && depthOf(asked?.level ?? null) === levels.value.length - 1 ? asked : null;
    },
    (last) => last?.code === view.peek().place && last && show(asChosen(last), true),
  );
}
