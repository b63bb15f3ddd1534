/** A second map, of other days or of another part: it moves with the first one, and has its classes and colours. */
import { effect, untracked } from "@preact/signals";
import { Map as MapLibre, MercatorCoordinate } from "maplibre-gl";
import { earlierOf, measured } from "../state/measured";
import { camera, hovered, view } from "../state/page";
import { isRight, type Pair, pair } from "../state/pair";
import { secondName } from "../state/pairNames";
import { palettes } from "../state/palette";
import { isNarrow } from "../state/screen";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { type Box, boxOf, fitting } from "./draw";
import { flatten, OPTIONS } from "./options";
import { drawAreas, overlay, type Shown } from "./overlay";
import { paintAreas, repaint } from "./paint";
import { listen } from "./pointer";
import { boxOfPlace } from "./shapes";
import { statesOf } from "./states";
import { style } from "./style";

/** The second map, while there is one. */
let second: MapLibre | null = null;

/** All maps, from left to right. */
export function fromLeft(first: MapLibre): MapLibre[] {
  if (!second) return [first];
  return pair.peek()?.of === "parts" ? [first, second] : [second, first];
}

/** Draws the second map of a pair in `container` until what is returned is called. */
export function showBeside(first: MapLibre, container: HTMLElement, shown: Pair): () => void {
  const map = new MapLibre({ container, style: style(palettes[theme.peek()], areas.peek()), ...OPTIONS });
  flatten(map);
  second = map;
  const isEarlier = shown.of === "days";
  listen(map, isEarlier);
  const inIt: Shown = { figured: isEarlier ? earlierOf : (row) => row, lit: isRight };
  const parted = moveTogether(first, map, isEarlier ? NEAR : distance(shown));
  const framed = isEarlier ? keepInSight(first) : frameParts(first, shown);
  let stops: (() => void)[] = [];
  map.once("style.load", () => {
    stops = [
      effect(() => map.getCanvas().setAttribute("aria-label", secondName.value)),
      effect(() => repaint(map, palettes[theme.value])),
      effect(() => drawAreas(map, true)),
      effect(() => paint(map, container, inIt)),
      overlay(map, inIt),
    ];
  });
  map.on("idle", () => {
    container.dataset.drawn = container.dataset.painted ?? "";
  });
  return () => {
    for (const stop of [...stops, framed, parted]) stop();
    map.remove();
    hovered.value = null;
    if (second === map) second = null;
  };
}

/** Colours the areas by their figures there. */
function paint(map: MapLibre, container: HTMLElement, { figured, lit }: Shown): void {
  const rows = measured.value;
  if (rows === null || areas.value === null) return;
  paintAreas(map, statesOf(rows.map(figured), lit));
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
  return onceSized(map, () => map.fitBounds(box, { padding: PADDING, animate: false }));
}

/** The part on the right of a link that says where its map is: that camera stays. */
let linked = camera.peek() === null ? null : view.peek().against;

/** Frames both parts at one scale, as near as each is seen whole; returns a way to stop. */
function frameParts(map: MapLibre, { left, right }: Parts): () => void {
  const isLinked = right.code === linked;
  linked = null;
  if (isLinked) return () => undefined;
  return onceSized(map, () => {
    const options = isNarrow ? { padding: PADDING } : fitting(map.getContainer());
    const [ofLeft, ofRight] = [left, right].map((part) => map.cameraForBounds(boxOf(part.geometry), options));
    if (ofLeft && ofRight) map.jumpTo({ ...ofLeft, zoom: Math.min(ofLeft.zoom ?? 0, ofRight.zoom ?? 0) });
  });
}

/** Acts as soon as a map is as large as its container; returns a way to stop. */
function onceSized(map: MapLibre, act: () => void): () => void {
  const resized = () => {
    if (!hasItsSize(map)) return;
    map.off("resize", resized);
    act();
  };
  map.on("resize", resized);
  resized();
  return () => void map.off("resize", resized);
}

/** Tells whether a map is as large as its container. */
function hasItsSize(map: MapLibre): boolean {
  const [canvas, container] = [map.getCanvas(), map.getContainer()];
  return canvas.clientWidth === container.clientWidth && canvas.clientHeight === container.clientHeight;
}

/** What the events say of a map that is only on its way, led by another one. */
const LED = { isLed: true };

type Parts = Extract<Pair, { of: "parts" }>;

/** From the middle of one map to that of another, in Mercator's units: the world is one wide. */
type Distance = { x: number; y: number };

const NEAR: Distance = { x: 0, y: 0 };

function distance({ left, right }: Parts): Distance {
  const [from, to] = [left, right].map((part) => middle(boxOf(part.geometry)));
  return from && to ? { x: to.x - from.x, y: to.y - from.y } : NEAR;
}

function middle([west, south, east, north]: Box): Distance {
  const [a, b] = [MercatorCoordinate.fromLngLat([west, south]), MercatorCoordinate.fromLngLat([east, north])];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Whichever of two maps is moved, the other one follows, as far from it as ever; returns a way to part them. */
function moveTogether(first: MapLibre, second: MapLibre, { x, y }: Distance): () => void {
  let isLed = false;
  const lead = (leader: MapLibre, led: MapLibre, sign: number) => {
    const follow = (data?: typeof LED) => {
      if (isLed) return;
      isLed = true;
      const at = MercatorCoordinate.fromLngLat(leader.getCenter());
      const center = new MercatorCoordinate(at.x + sign * x, at.y + sign * y).toLngLat();
      led.jumpTo({ center, zoom: leader.getZoom() }, data);
      isLed = false;
    };
    const [move, end] = [() => follow(LED), () => follow()];
    const heard = [leader.on("move", move), leader.on("moveend", end)];
    return () => {
      for (const one of heard) one.unsubscribe();
    };
  };
  const parts = [lead(first, second, 1), lead(second, first, -1)];
  first.fire("move");
  return () => {
    for (const part of parts) part();
  };
}
