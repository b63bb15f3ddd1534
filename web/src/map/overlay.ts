/** What every map shows of the areas beside their colours: lines and names, circles, and what is chosen or pointed at. */
import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Map as MapLibre } from "maplibre-gl";
import { load } from "../api/code";
import type { AreaGeometry } from "../api/features";
import { circledOf } from "../state/circles";
import { areaText } from "../state/legend";
import {
  coverage,
  isHeat,
  type Measured,
  measured,
  measuredByCode,
  metric,
  placeOfValue,
  zeroIsNone,
} from "../state/measured";
import { detailed, gridsByCode, gridsOf, hovered, isTiled, levels, region, task } from "../state/page";
import { palettes } from "../state/palette";
import { measuredLevel, placeCode } from "../state/places";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { isYesOrNo } from "../state/values";
import {
  type Circle,
  showCircles,
  showGround,
  showHover,
  showLabels,
  showOutlines,
  showSelection,
  zoomOfWidth,
} from "./draw";
import type { fontFaces } from "./fonts";
import { drawRest, drawTiles, hoverArea } from "./paint";
import { geometryOf, selected, shapesAbove } from "./shapes";
import { colourOf } from "./states";

/** Draws the areas of the measured level, and with `withRest` the lines between them. */
export function drawAreas(map: MapLibre, withRest: boolean): void {
  const [shown, palette] = [areas.value, palettes[theme.peek()]];
  if (shown === null) return;
  untracked(() => {
    drawTiles(map, shown, palette);
    if (withRest) drawRest(map, palette, namesFrom(shown.level));
  });
}

/** From which zoom the names of a level that comes in tiles alone have room: when its areas are wide on average. */
function namesFrom(code: string): number | null {
  const bbox = region.value.value?.bbox;
  const n = levels.value.find((one) => one.code === code)?.nGrids ?? 0;
  return isTiled(code) && bbox ? zoomOfWidth((bbox[2] - bbox[0]) / Math.sqrt(n), NAME_CHARS) : null;
}

/** The length of a usual name. */
const NAME_CHARS = 6;

/** What a map shows of the areas: their figures as `figured` makes them of a row, of those that are `lit`. */
export type Shown = { figured(row: Measured): Measured; lit(row: Measured): boolean };

/** Keeps all of it up to date, until what is returned is called. */
export function overlay(map: MapLibre, shown: Shown): () => void {
  const stops = [
    when(detailed, () => showOutlines(map, shapesAbove())),
    when(fonts, (faces) => map.setFontFaces(faces())),
    when(fonts, () => drawLabels(map, shown)),
    when(detailed, () => showGround(map, ground())),
    when(detailed, () => showCircles(map, circles(shown))),
    effect(() => showHover(map, geometryOf(hovered.value?.code))),
    effect(() => hoverArea(map, hoveredInTiles())),
    effect(() => showSelection(map, selected())),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Runs `draw` at every change of what it reads, from the moment that there is what `gate` waits for. */
export function when<T>(gate: ReadonlySignal<T>, draw: (there: NonNullable<T>) => void): () => void {
  return effect(() => {
    const there = gate.value;
    if (there) draw(there);
  });
}

/** Where a map's characters are, once that is here: nothing is written on a map before. */
export const fonts = signal<typeof fontFaces | null>(null);

export async function loadFonts(): Promise<void> {
  fonts.value ??= (await load(() => import("./fonts"))).fontFaces;
}

function drawLabels(map: MapLibre, { figured }: Shown): void {
  const level = measuredLevel.value;
  const values = new Map<string, string>();
  if (!isYesOrNo(metric.value) && !isHeat.value) {
    for (const row of (measured.value ?? []).map(figured)) {
      if (row.value !== null && !(zeroIsNone.value && row.value === 0)) values.set(row.code, areaText(row));
    }
  }
  // The name of the whole region says nothing inside it.
  showLabels(map, [isTiled(level) ? [] : (gridsOf(level) ?? []), ...shapesAbove().slice(0, -1)], values);
}

function circles({ figured, lit }: Shown): Circle[] {
  return circledOf((measured.value ?? []).filter(lit).map(figured)).flatMap(({ row, radius }) => {
    const [grid, colour] = [gridsByCode.value.get(row.code)?.grid, colourOf(placeOfValue(row.value))];
    return grid && colour !== null ? [{ grid, radius, colour }] : [];
  });
}

/** The area under the pointer, where there are only tiles of it. */
function hoveredInTiles(): string | null {
  const code = hovered.value?.code;
  return code !== undefined && isTiled(measuredLevel.value) ? (measuredByCode.value.get(code)?.id ?? null) : null;
}

/** What is crossed out where no area covers it: all of the place, when some of its ground is in no area. */
function ground(): AreaGeometry | null {
  const uncovered = task.value === "coverage" ? coverage.value.value?.total.figures.uncovered : undefined;
  return (uncovered?.numerator ?? 0) > 0 ? geometryOf(placeCode.value ?? region.value.value?.code) : null;
}
