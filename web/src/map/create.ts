import { Map as MapLibre, type MapOptions, prewarm, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { askBytes } from "../api/client";
import { askAt, askThere } from "../state/answer";
import { measuredByCode } from "../state/measured";
import { camera, hovered, type MapCommands, region, show, task } from "../state/page";
import { palettes } from "../state/palette";
import { choose, drillInto, place } from "../state/places";
import { isNarrow } from "../state/screen";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { serveShifted } from "./basemap";
import { type Box, boxOf, fitting, frame, showDegrees } from "./draw";
import { follow } from "./follow";
import { servePersistent } from "./persistent";
import { isSeen, SCREEN_PIXEL_RATIO, UNSEEN_PIXEL_RATIO } from "./seen";
import { MAX_ZOOM, style } from "./style";

// The worker is on its way while what it shall draw is asked for. One whose code did not come would never say so: the code
// is fetched first, and is in the browser's cache then.
setWorkerUrl(workerUrl);
const worker = askBytes(workerUrl, new AbortController().signal).then(prewarm);

/** The layer whose areas are hit by pointer and click. */
const LAYER = "areas";

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
  const inside = place.peek().value;
  const box = inside ? boxOf(inside.geometry) : region.peek().value?.bbox;
  return new Promise((resolve, reject) => {
    const map = new MapLibre({
      container,
      style: style(palette, areas.peek()),
      ...start(container, box ?? null),
      pixelRatio: UNSEEN_PIXEL_RATIO,
      minZoom: 4,
      maxZoom: MAX_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      // The style is our own, and the types hold it.
      validateStyle: false,
    });
    // It cannot be tilted, so its sky is never seen; yet it would be drawn over all of every frame, by the costliest shader.
    map.painter.drawFunctions = { ...map.painter.drawFunctions, sky: () => undefined };
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
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
  map.on("mousemove", LAYER, ({ features, point }) => {
    const { code, name } = (features?.[0]?.properties ?? {}) as Record<string, unknown>;
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
  map.on("mouseleave", LAYER, leave);
  map.on("movestart", leave);
  map.on("moveend", () => {
    // Until it is seen nobody moves it.
    if (!isSeen(map.getContainer())) return;
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
  if (!map.getLayer(LAYER)) return;
  const [hit] = map.queryRenderedFeatures([point.x, point.y], { layers: [LAYER] });
  const code: unknown = hit?.properties.code;
  if (typeof code !== "string" || !measuredByCode.value.has(code)) return;
  if (task.value === "coverage") drillInto(code);
  else choose(code);
}

function commands(map: MapLibre): MapCommands {
  return {
    zoomIn: () => void map.zoomIn(),
    zoomOut: () => void map.zoomOut(),
    whole: () => {
      const inside = place.peek().value;
      const box = inside ? boxOf(inside.geometry) : region.peek().value?.bbox;
      if (box) frame(map, box, true);
    },
    goTo: (lon, lat, zoom) => void map.easeTo({ center: [lon, lat], zoom }),
    picture: (ratio) => {
      map.setPixelRatio(ratio);
      // Another size counts as a move, which takes them away for a moment.
      showDegrees(map, true);
      // Only till the end of this task does the map's canvas hold what was drawn.
      map.redraw();
      const copy = document.createElement("canvas");
      const drawn = map.getCanvas();
      [copy.width, copy.height] = [drawn.width, drawn.height];
      const pen = copy.getContext("2d");
      if (pen) {
        pen.fillStyle = palettes[theme.peek()].background;
        pen.fillRect(0, 0, copy.width, copy.height);
        pen.drawImage(drawn, 0, 0);
      }
      map.setPixelRatio(SCREEN_PIXEL_RATIO);
      return copy;
    },
  };
}
