/** A second map, of the days that are compared with: it moves with the first one, and has its classes and colours. */
import { effect, untracked } from "@preact/signals";
import { Map as MapLibre } from "maplibre-gl";
import { earlierOf, measured } from "../state/measured";
import { words } from "../state/page";
import { palettes } from "../state/palette";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { showOutlines, showSelection } from "./draw";
import { flatten, OPTIONS } from "./options";
import { drawRest, drawTiles, paintAreas, repaint } from "./paint";
import { listen } from "./pointer";
import { boxOfPlace, selected, shapesAbove } from "./shapes";
import { statesOf } from "./states";
import { style } from "./style";

/** The second map, while there is one. */
let second: MapLibre | null = null;

export function drawnBeside(): MapLibre[] {
  return second ? [second] : [];
}

/** Draws the second map in `container` until what is returned is called. */
export function showBeside(first: MapLibre, container: HTMLElement): () => void {
  const map = new MapLibre({
    container,
    style: style(palettes[theme.peek()], areas.peek()),
    center: first.getCenter(),
    zoom: first.getZoom(),
    ...OPTIONS,
  });
  flatten(map);
  second = map;
  listen(map, true);
  const kept = keepInSight(first);
  const part = moveTogether(first, map);
  let stops: (() => void)[] = [];
  map.once("style.load", () => {
    const label = effect(() => map.getCanvas().setAttribute("aria-label", words.value.mapBefore));
    const lines = effect(() => showOutlines(map, shapesAbove()));
    const chosen = effect(() => showSelection(map, selected()));
    stops = [
      label,
      lines,
      chosen,
      effect(() => repaint(map, palettes[theme.value])),
      effect(() => draw(map)),
      effect(() => paint(map, container)),
    ];
  });
  map.on("idle", () => {
    container.dataset.drawn = container.dataset.painted ?? "";
  });
  return () => {
    for (const stop of [...stops, kept, part]) stop();
    map.remove();
    if (second === map) second = null;
  };
}

function draw(map: MapLibre): void {
  const [shown, palette] = [areas.value, palettes[theme.peek()]];
  if (shown === null) return;
  untracked(() => {
    drawTiles(map, shown, palette);
    drawRest(map, palette, null);
  });
}

/** Colours the areas by what they were before. */
function paint(map: MapLibre, container: HTMLElement): void {
  const rows = measured.value;
  if (rows === null || areas.value === null) return;
  paintAreas(map, statesOf(rows.map(earlierOf)));
  container.dataset.painted = areas.value.level;
  delete container.dataset.drawn;
}

/** Room around what is framed, in pixels. */
const PADDING = 12;

/** A place that is seen whole stays so when the map gets narrower, as its container is by now; returns a way to stop. */
function keepInSight(map: MapLibre): () => void {
  const box = untracked(boxOfPlace);
  if (box === null || hasItsSize(map)) return () => undefined;
  const [seen, [west, south, east, north]] = [map.getBounds(), box];
  if (!seen.contains([west, south]) || !seen.contains([east, north])) return () => undefined;
  const resized = () => {
    if (!hasItsSize(map)) return;
    map.off("resize", resized);
    map.fitBounds(box, { padding: PADDING, animate: false });
  };
  map.on("resize", resized);
  return () => void map.off("resize", resized);
}

/** Tells whether a map is as large as its container. */
function hasItsSize(map: MapLibre): boolean {
  const [canvas, container] = [map.getCanvas(), map.getContainer()];
  return canvas.clientWidth === container.clientWidth && canvas.clientHeight === container.clientHeight;
}

/** What the events say of a map that is only on its way, led by another one. */
const LED = { isLed: true };

/** Whichever of two maps is moved, the other one follows; returns a way to part them. */
function moveTogether(a: MapLibre, b: MapLibre): () => void {
  let isLed = false;
  const lead = (leader: MapLibre, led: MapLibre) => {
    const follow = (data?: typeof LED) => {
      if (isLed) return;
      isLed = true;
      led.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() }, data);
      isLed = false;
    };
    const [move, end] = [() => follow(LED), () => follow()];
    const heard = [leader.on("move", move), leader.on("moveend", end)];
    return () => {
      for (const one of heard) one.unsubscribe();
    };
  };
  const parts = [lead(a, b), lead(b, a)];
  return () => {
    for (const part of parts) part();
  };
}
