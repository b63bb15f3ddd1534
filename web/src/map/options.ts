import type { Map as MapLibre, MapOptions } from "maplibre-gl";
import { MAX_ZOOM } from "./style";

/** What every map of the page is: flat, with north above, of a style that the types hold. */
export const OPTIONS = {
  minZoom: 4,
  maxZoom: MAX_ZOOM,
  attributionControl: false,
  dragRotate: false,
  pitchWithRotate: false,
  touchPitch: false,
  fadeDuration: 0,
  validateStyle: false,
} as const satisfies Partial<MapOptions>;

/** Leaves out what a flat map has no use for. */
export function flatten(map: MapLibre): void {
  // It cannot be tilted, so its sky is never seen; yet it would be drawn over all of every frame, by the costliest shader.
  map.painter.drawFunctions = { ...map.painter.drawFunctions, sky: () => undefined };
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
}
