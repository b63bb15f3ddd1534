import { untracked } from "@preact/signals";
import { Map as MapLibre, type MapOptions, prewarm, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { askBytes } from "../api/client";
import { askAt, askThere } from "../state/answer";
import { measuredByCode } from "../state/measured";
import { camera, hovered, type MapCommands, show, task } from "../state/page";
import { palettes } from "../state/palette";
import { choose, drillInto } from "../state/places";
import { isNarrow } from "../state/screen";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { serveShifted } from "./basemap";
import { drawnBeside, showBeside } from "./beside";
import { type Box, fitting, frame } from "./draw";
import { follow } from "./follow";
import { flatten, OPTIONS } from "./options";
import { servePersistent } from "./persistent";
import { picture } from "./picture";
import { isSeen, UNSEEN_PIXEL_RATIO } from "./seen";
import { boxOfPlace } from "./shapes";
import { style } from "./style";

// The worker is on its way while what it shall draw is asked for. One whose code did not come would never say so: the code
// is fetched first, and is in the browser's cache then.
setWorkerUrl(workerUrl);
const worker = askBytes(workerUrl, new AbortController().signal).then(prewarm);

/** The layers whose areas are hit by pointer and click. */
const LAYERS = ["circles", "areas"];

/**
 * Makes the map in `container` and keeps it at the state of the page.
 *
 * Rejects when the browser has no WebGL.
 */
export async function createMap(container: HTMLElement): Promise<MapCommands> {
  await worker;
  // It is started by way of this thread, which the map keeps busy from here on.
  await new Promise((done) => setTimeout(done));
  serveShifted();
  servePersistent();
  const palette = palettes[theme.peek()];
  const box = untracked(boxOfPlace);
  return new Promise((resolve, reject) => {
    const map = new MapLibre({
      container,
      style: style(palette, areas.peek()),
      ...start(container, box),
      pixelRatio: UNSEEN_PIXEL_RATIO,
      ...OPTIONS,
    });
    flatten(map);
    map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    listen(map);
    // What fails after it was made, a tile say, is not the end of the map.
    map.on("error", ({ error }) => reject(error));
    // The style is there before anything is drawn: what comes from the server waits for nothing else.
    map.once("style.load", () => {
      follow(map, container);
      resolve(commands(map));
    });
  });
}

/** Where the map begins: as the link says, else at what is looked into. */
function start(container: HTMLElement, box: Box | null): Partial<MapOptions> {
  const seen = camera.peek();
  if (seen) return { center: [seen.lon, seen.lat], zoom: seen.zoom };
  return box ? { bounds: box, fitBoundsOptions: fitting(container) } : {};
}

function listen(map: MapLibre): void {
  map.on("click", ({ lngLat, point }) => {
    const { lng, lat } = lngLat.wrap();
    act(map, { lon: lng, lat }, point);
  });
  map.on("mousemove", ({ point }) => {
    const { code, name } = hitAt(map, point);
    const { clientWidth, clientHeight } = map.getContainer();
    const side = { toLeft: point.x > clientWidth / 2, above: point.y > clientHeight / 2 };
    const known = typeof code === "string";
    hovered.value = known
      ? { code, name: typeof name === "string" ? name : null, x: point.x, y: point.y, ...side, onMap: true }
      : null;
  });
  const leave = () => {
    hovered.value = null;
  };
  map.on("mouseout", leave);
  map.on("movestart", leave);
  map.on("moveend", (event) => {
    // Until it is seen nobody moves it.
    if ("isLed" in event || !isSeen(map.getContainer())) return;
    const { lng, lat } = map.getCenter();
    show({ camera: { lon: lng, lat, zoom: map.getZoom() } });
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const center = map.getCenter();
    act(map, { lon: center.lng, lat: center.lat }, map.project(center));
  });
}

/** What a click means is said by the task: go into the area, choose it, or ask who answers. */
function act(map: MapLibre, at: { lon: number; lat: number }, point: { x: number; y: number }): void {
  // A finger hovers over nothing: what it was taken for would stay on the pin.
  hovered.value = null;
  if (task.value === "locate") {
    // On a small screen a finger covers whole villages: the answer is seen only from near.
    const ask = isNarrow ? askThere : askAt;
    ask(at.lon, at.lat, "wgs84");
    return;
  }
  const { code } = hitAt(map, point);
  if (typeof code !== "string" || !measuredByCode.value.has(code)) return;
  if (task.value === "coverage") drillInto(code);
  else choose(code);
}

/** What is known of the area at a pixel: the one of the circle there, else the one that covers it. */
function hitAt(map: MapLibre, { x, y }: { x: number; y: number }): Record<string, unknown> {
  const layers = LAYERS.filter((layer) => map.getLayer(layer));
  return map.queryRenderedFeatures([x, y], { layers })[0]?.properties ?? {};
}

function commands(map: MapLibre): MapCommands {
  return {
    zoomIn: () => void map.zoomIn(),
    zoomOut: () => void map.zoomOut(),
    whole: () => {
      const box = untracked(boxOfPlace);
      if (box) frame(map, box, true);
    },
    goTo: (lon, lat, zoom) => void map.easeTo({ center: [lon, lat], zoom }),
    beside: (container) => showBeside(map, container),
    picture: (ratio) => picture([...drawnBeside(), map], ratio),
  };
}
