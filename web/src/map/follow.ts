/** Keeps the map at the state of the page: one effect for each thing that is drawn. */
import { effect, signal, untracked } from "@preact/signals";
import type { Map as MapLibre } from "maplibre-gl";
import { answer } from "../state/answer";
import { basemap } from "../state/basemaps";
import { candidateShapes } from "../state/candidates";
import { hotspots, isHeat, isMeasured, measured, measuring, week, weekSpan } from "../state/measured";
import { outage } from "../state/outage";
import {
  camera,
  detailed,
  filter,
  gridsOf,
  isTiled,
  levelDrawn,
  levels,
  question,
  region,
  task,
  words,
} from "../state/page";
import { isLeft, pair } from "../state/pair";
import { palettes } from "../state/palette";
import { depthOf, type Goal, goal, measuredLevel, place, placeCode } from "../state/places";
import { isSettled } from "../state/resource";
import { theme } from "../state/theme";
import { pointSource, tileSource } from "../state/tiles";
import { watch } from "../state/watch";
import { bringIntoSight, showCandidates, showPlace } from "./answer";
import { showBasemap } from "./basemap";
import { type Box, boxOf, frame, goTo, showDegrees, showFallbacks, showGraticule, showReports } from "./draw";
import { levelOn } from "./order";
import { drawAreas, fonts, loadFonts, overlay, when } from "./overlay";
import { paintAreas, repaint, setOpacity } from "./paint";
import { filterIncidents, showPoints } from "./points";
import { isSeen, seeWhenComplete } from "./seen";
import { boxOfPlace } from "./shapes";
import { statesOf } from "./states";

/** How strong the areas stay over a basemap, and under the heat. */
const OVER_BASEMAP = 0.62;
const UNDER_HEAT = 0.35;

export function follow(map: MapLibre, container: HTMLElement): void {
  startedAt = camera.peek() !== null || region.peek().value !== null;
  // The map says at once that it moves, and that changes the state.
  watch(wantedFrame, (wanted) => wanted && frameRegion(map, wanted));
  watch(
    () => goal.value,
    (to) => to && arrive(map, to),
  );
  watch(answeredPlace, (place) => place && bringIntoSight(map, place));
  watch(hasAll, (all) => {
    begun.value ||= all;
  });
  effect(() => repaint(map, palettes[theme.value]));
  // Two maps are compared by their colours: no basemap shines through one of them.
  effect(() => showBasemap(map, pair.value ? null : basemap.value));
  effect(() => setOpacity(map, palettes[theme.value], opacity()));
  effect(() => {
    drawShapes(map);
    if (begun.value) paint(map, container);
  });
  effect(() => mark(map, container));
  when(detailed, () => void loadFonts());
  overlay(map, { figured: (row) => row, lit: isLeft });
  when(detailed, () => drawPoints(map));
  effect(() => showReports(map, reports()));
  effect(() => showFallbacks(map, fallbacks()));
  effect(() => showPlace(map, asked(), question.value?.accuracyM ?? 0));
  effect(() => showCandidates(map, candidateShapes.value.value ?? []));
  effect(() => map.getCanvas().setAttribute("aria-label", words.value.mapLabel));
  when(fonts, () => showGraticule(map));
  // Its degrees stand at the edge of what was seen before: while the map moves they would stand anywhere.
  map.on("movestart", () => showDegrees(map, false));
  for (const event of ["moveend", "resize"] as const) map.on(event, () => fonts.peek() && showGraticule(map));
  watch(
    () => begun.value && (outage.value ?? true),
    (isBegun) => isBegun && seeWhenComplete(map, container),
  );
  for (const event of ["sourcedata", "render"] as const) {
    map.on(event, () => begun.peek() && seeWhenComplete(map, container));
  }
  map.on("idle", () => {
    levelDrawn.value = isSeen(container) ? levelOn(map) : null;
    container.dataset.drawn = (hasDetails() && container.dataset.painted) || "";
  });
}

/** What is looked into: a code, the empty word for the region; and the box around it. */
type Framed = { key: string; box: Box };

/** `null` until it is known where that is. */
function wantedFrame(): Framed | null {
  const here = region.value.value?.bbox;
  if (!here) return null;
  if (placeCode.value === null) return { key: "", box: here };
  const inside = place.value.value;
  return inside && { key: inside.code, box: boxOf(inside.geometry) };
}

/** Frames the region at the start, and a place whenever another one is looked into; a link's own camera stays. */
function frameRegion(map: MapLibre, { key, box }: Framed): void {
  const first = framed === null;
  if (framed === key) return;
  framed = key;
  // The map was made where it begins; a server that was away then had not said where that is.
  if (!first || !startedAt) frame(map, box, !first);
}

/** Goes where the reader wants to be: what the place alone would frame is framed already. */
function arrive(map: MapLibre, to: Goal): void {
  framed = placeCode.value ?? "";
  const box = "camera" in to && to.camera === null ? boxOfPlace() : null;
  if (box) frame(map, box, true);
  else goTo(map, to);
  goal.value = null;
}

/** Whether the map began where it should, by the link or by the region. */
let startedAt = true;

/** What was framed last: a code, the empty word for the region. */
let framed: string | null = null;

/**
 * Whether it is known where the first areas are and what their figures are, or that they do not come. The map is not
 * seen before: areas would be shown without their colours first.
 */
const begun = signal(false);

function hasAll(): boolean {
  return isSettled(tileSource.value) && (isMeasured.value || measuring.value.status === "failed");
}

function drawShapes(map: MapLibre): void {
  drawAreas(map, detailed.value);
  untracked(() => setOpacity(map, palettes[theme.peek()], opacity()));
}

function opacity(): number {
  if (isHeat.value) return UNDER_HEAT;
  return basemap.value && !pair.value ? OVER_BASEMAP : 1;
}

/** Colours the areas by the class of their value, as soon as there are both. */
function paint(map: MapLibre, container: HTMLElement): void {
  const rows = isHeat.value ? [] : measured.value;
  // What is asked for has the next colours; those there stay till then.
  if (rows === null && measuring.value.status === "loading") return;
  paintAreas(map, statesOf(rows ?? [], isLeft));
  delete container.dataset.drawn;
}

/** Says which level is shown in its own colours; empty while shapes or figures of it are still on their way. */
function mark(map: MapLibre, container: HTMLElement): void {
  const level = measuredLevel.value;
  container.dataset.painted = begun.value && tileSource.value.value && isMeasured.value ? (level ?? "") : "";
  delete container.dataset.drawn;
  if (begun.value || detailed.value) map.triggerRepaint();
}

/** Tells whether the names and lines are here of the areas and of the levels above them. */
function hasDetails(): boolean {
  const shown = levels.value.slice(0, depthOf(measuredLevel.value) + 1);
  return fonts.value !== null && shown.every(({ code }) => isTiled(code) || gridsOf(code) !== null);
}

/** Homes, or the incidents that are counted; the surface of heat shows these in its own way. */
function drawPoints(map: MapLibre): void {
  const source = isHeat.value || pair.value ? null : pointSource.value.value;
  const narrowed = { ...filter.value, ...weekSpan.value };
  const offset = region.value.value?.utcOffset ?? "Z";
  untracked(() => showPoints(map, source, palettes[theme.value]));
  filterIncidents(map, narrowed, offset);
}

/** Reports where they happened; while weeks are played, each area's at its middle. */
function reports(): { at: [number, number]; n: number }[] {
  const value = hotspots.value.value;
  if (!isHeat.value || !value) return [];
  const played = week.value;
  if (played === null) return [...value.points];
  return value.rows.flatMap(({ at, byWeek }) => (at && byWeek[played] ? [{ at, n: byWeek[played] ?? 0 }] : []));
}

function fallbacks(): [number, number][] {
  const found = task.value === "hotspots" ? (hotspots.value.value?.fallback.points ?? []) : [];
  return found.flatMap(({ at }) => (at ? [at] : []));
}

/** The place that was asked for: in WGS 84 once the answer says where that is. */
function asked(): { lon: number; lat: number } | null {
  return question.value && (answer.value.value?.position ?? question.value);
}

/** The place whose answer is here; one outside shall not take the county out of sight. */
function answeredPlace(): { lon: number; lat: number } | null {
  const { value, status } = answer.value;
  return question.value && status === "ready" && value?.grids.length ? value.position : null;
}
