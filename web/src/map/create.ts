import { untracked } from "@preact/signals";
import { Map as MapLibre, type MapOptions, prewarm, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { askBytes } from "../api/client";
import { camera, type MapCommands, show } from "../state/page";
import { palettes } from "../state/palette";
import { theme } from "../state/theme";
import { areas } from "../state/tiles";
import { serveShifted } from "./basemap";
import { fromLeft, showBeside } from "./beside";
import { type Box, fitting, frame } from "./draw";
import { follow } from "./follow";
import { flatten, OPTIONS } from "./options";
import { servePersistent } from "./persistent";
import { picture } from "./picture";
import { listen } from "./pointer";
import { isSeen, UNSEEN_PIXEL_RATIO } from "./seen";
import { boxOfPlace } from "./shapes";
import { style } from "./style";

export { labelRoom } from "./labels";

// The worker is on its way while what it shall draw is asked for. One whose code did not come would never say so: the code
// is fetched first, and is in the browser's cache then.
setWorkerUrl(workerUrl);
const worker = askBytes(workerUrl, new AbortController().signal).then(prewarm);

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
    keepCamera(map);
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

/** Keeps where the map is in the address. */
function keepCamera(map: MapLibre): void {
  map.on("moveend", (event) => {
    // Until it is seen nobody moves it.
    if ("isLed" in event || !isSeen(map.getContainer())) return;
    const { lng, lat } = map.getCenter();
    show({ camera: { lon: lng, lat, zoom: map.getZoom() } });
  });
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
    beside: (container, pair) => showBeside(map, container, pair),
    picture: (ratio) => picture(fromLeft(map), ratio),
  };
}
