import { effect, useSignal } from "@preact/signals";
import type { Map as MapLibre } from "maplibre-gl";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Grid } from "../api/grids";
import {
  answer,
  camera,
  classes,
  gridsOf,
  heatShown,
  hovered,
  incidents,
  level,
  levelsAbove,
  question,
  region,
  show,
  shown,
  words,
} from "../state/page";
import { palettes } from "../state/palette";
import { theme } from "../state/theme";
import { frame, repaint, showAreas, showHeat, showLabels, showOutlines, showPlace, showSelection } from "./draw";

/** The map with what floats over it. */
export function MapView({ children }: { children: ComponentChildren }) {
  const container = useRef<HTMLDivElement>(null);
  const map = useSignal<MapLibre | null>(null);
  const undrawable = useSignal(false);

  useEffect(() => {
    const parent = container.current;
    if (!parent) return;
    let stop = () => {};
    makeMap(parent)
      .then((made) => {
        map.value = made;
        stop = follow(made, parent);
      })
      .catch(() => {
        undrawable.value = true;
      });
    return () => stop();
  }, [map, undrawable]);

  return (
    <main class="map">
      <div ref={container} class="canvas" />
      {undrawable.value && <p class="no-map">{words.value.noWebGl}</p>}
      {children}
      {map.value && <Zoom map={map.value} />}
    </main>
  );
}

/** MapLibre is nine tenths of the page's code: the panels are there before it. */
async function makeMap(container: HTMLElement): Promise<MapLibre> {
  const { createMap } = await import("./create");
  return createMap(container, palettes[theme.peek()], camera.peek(), {
    chose: ({ lon, lat }) => {
      const accuracyM = question.peek()?.accuracyM ?? 0;
      show({ question: { lon: rounded(lon), lat: rounded(lat), frame: "wgs84", accuracyM } });
    },
    hovered: (over) => {
      hovered.value = over;
    },
    moved: (at) => show({ camera: at }),
  });
}

/** To the lattice of the ground: seven decimals. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(7));
}

/** Keeps the map at the state of the page; returns how to stop. */
function follow(map: MapLibre, container: HTMLElement): () => void {
  const stops = [
    effect(() => {
      const box = region.value.value?.bbox;
      if (box && camera.peek() === null) frame(map, box, false);
    }),
    effect(() => repaint(map, palettes[theme.value])),
    effect(() => drawGround(map, container)),
    effect(() => drawLevelsAbove(map)),
    effect(() => showHeat(map, heatShown.value ? incidents.value.value : null)),
    effect(() => showSelection(map, found())),
    effect(() => showPlace(map, question.value ? (answer.value.value?.position ?? question.value) : null)),
    effect(() => {
      map.getCanvas().setAttribute("aria-label", words.value.mapLabel);
    }),
  ];
  map.on("idle", () => {
    container.dataset.drawn = container.dataset.level ?? "";
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function drawGround(map: MapLibre, container: HTMLElement): void {
  const grids = shown.value;
  if (!grids) return;
  showAreas(map, grids, classes.value);
  container.dataset.level = level.peek() ?? "";
}

function drawLevelsAbove(map: MapLibre): void {
  const above = [...levelsAbove.value].reverse().map((code) => gridsOf(code) ?? []);
  showOutlines(map, above);
  // The name of the whole county says nothing inside it.
  showLabels(map, [shown.value ?? [], ...above.slice(0, -1)]);
}

/** The area of the shown level that the answer names. */
function found(): Grid | null {
  if (!question.value) return null;
  const named = answer.value.value?.grids.find((grid) => grid.level === level.value);
  return (named && shown.value?.find((grid) => grid.id === named.id)) ?? null;
}

function whole(map: MapLibre): void {
  const box = region.value.value?.bbox;
  if (box) frame(map, box, true);
}

function Zoom({ map }: { map: MapLibre }) {
  const buttons = [
    { sign: "+", name: words.value.zoomIn, act: () => map.zoomIn() },
    { sign: "−", name: words.value.zoomOut, act: () => map.zoomOut() },
    { sign: "⤢", name: words.value.wholeRegion, act: () => whole(map) },
  ];
  return (
    <div class="zoom">
      {buttons.map(({ sign, name, act }) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={act}>
          {sign}
        </button>
      ))}
    </div>
  );
}
