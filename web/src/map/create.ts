import { Map as MapLibre, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Hover } from "../state/page";
import type { Palette } from "../state/palette";
import type { Camera } from "../state/url";
import { addHatch } from "./draw";
import { MAX_ZOOM, style } from "./style";

/** What happens on the map, told to whoever made it. */
export type Listener = {
  /** A place was chosen. */
  chose(place: { lon: number; lat: number }): void;
  /** The pointer is over an area; `null` when over none. */
  hovered(over: Hover | null): void;
  moved(camera: Camera): void;
};

/**
 * Makes the map in `container`; resolves when it can be drawn on.
 *
 * Rejects when the browser has no WebGL.
 */
export function createMap(
  container: HTMLElement,
  palette: Palette,
  camera: Camera | null,
  listener: Listener,
): Promise<MapLibre> {
  setWorkerUrl(workerUrl);
  return new Promise((resolve, reject) => {
    const map = new MapLibre({
      container,
      style: style(palette),
      center: camera ? [camera.lon, camera.lat] : [103.6, 34.8],
      zoom: camera?.zoom ?? 8,
      minZoom: 4,
      maxZoom: MAX_ZOOM,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    listen(map, listener);
    map.once("error", ({ error }) => reject(error));
    map.once("load", () => {
      addHatch(map, palette);
      resolve(map);
    });
  });
}

function listen(map: MapLibre, listener: Listener): void {
  map.on("click", ({ lngLat }) => listener.chose({ lon: lngLat.wrap().lng, lat: lngLat.lat }));
  map.on("mousemove", "areas", ({ features, point }) => {
    const id: unknown = features?.[0]?.properties.id;
    const { clientWidth, clientHeight } = map.getContainer();
    const side = { toLeft: point.x > clientWidth / 2, above: point.y > clientHeight / 2 };
    listener.hovered(typeof id === "string" ? { gridId: id, x: point.x, y: point.y, ...side } : null);
  });
  map.on("mouseleave", "areas", () => listener.hovered(null));
  map.on("movestart", () => listener.hovered(null));
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    listener.moved({ lon: lng, lat, zoom: map.getZoom() });
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const { lng, lat } = map.getCenter();
    listener.chose({ lon: lng, lat });
  });
}
