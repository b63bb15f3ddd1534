/** The areas by name: the one that is looked into, the way up from it, and going down. */
import { computed, effect } from "@preact/signals";
import { askGridByCode, type Grid } from "../api/grids";
import { detailed, gridsByCode, level, levels, loadGrids, region, show, view } from "./page";
import { resource } from "./resource";
import type { View } from "./url";

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

/** Looks into an area; one with nothing below is chosen in the area above it. */
export function drillInto(code: string): void {
  const step = stepOf(code);
  const at = step?.level ?? measuredLevel.value;
  const below = levels.value[depthOf(at) + 1];
  if (below) show({ place: code, level: below.code, chosen: null, off: [] });
  else if (step) show(asChosen(step));
  else choose(code);
}

function asChosen({ code, parent, level: at }: Step & { parent: string | null }): Partial<View> {
  return { place: parent === region.value.value?.code ? null : parent, level: at, chosen: code, off: [] };
}

/** Goes up to an area on the way, to the level that was left; `null` is the whole region. */
export function climbTo(code: string | null): void {
  const leaving = place.value.value?.level ?? null;
  show({ place: code, chosen: null, off: [], ...(leaving === null ? {} : { level: leaving }) });
}

/** One step up. */
export function climb(): void {
  if (view.value.chosen !== null) show({ chosen: null });
  else if (placeCode.value !== null) climbTo(path.value.at(-2)?.code ?? null);
}

export function choose(code: string | null): void {
  show({ chosen: code });
}

/** Keeps {@link place} at the code in the address, and its areas here. */
export function followPlace(): void {
  effect(() => {
    if (detailed.value && measuredLevel.value !== null) loadGrids(measuredLevel.value);
  });
  effect(() => {
    const code = placeCode.value;
    if (code === null) place.clear();
    else if (place.peek().value?.code !== code) {
      place.clear();
      place.load((signal) => askGridByCode(code, signal));
    }
  });
  // A link into an area with nothing below it shows it among its neighbours.
  effect(() => {
    const asked = place.value.value;
    const isLast = asked !== null && levels.value.length > 0 && depthOf(asked.level) === levels.value.length - 1;
    if (asked && isLast && asked.code === view.peek().place) show(asChosen(asked), true);
  });
}

/**
 * Resolves when it is known where the map begins: one that is made before would show another place first. What fails to
 * come is not waited for.
 */
export function whenPlaced(): Promise<void> {
  const isSettled = ({ status }: { status: string }) => status === "ready" || status === "failed";
  return new Promise((resolve) => {
    const stop = effect(() => {
      const placed = isSettled(region.value) && (placeCode.value === null || isSettled(place.value));
      if (!placed) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
