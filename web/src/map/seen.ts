/**
 * The map is seen once all areas in sight are here with their colours, in one frame.
 *
 * Until then it is hidden, and nearly without pixels: MapLibre draws a frame for whatever comes in, and where a processor
 * stands in for a graphics card every one of them costs by its pixels.
 */
import type { Map as MapLibre } from "maplibre-gl";
import { outage } from "../state/outage";
import { detailed } from "../state/page";
import { hasAreas } from "./paint";

export const UNSEEN_PIXEL_RATIO = 1 / 64;

/** As the types do not say, nothing stands for the screen's own ratio, whatever it becomes. */
export const SCREEN_PIXEL_RATIO = null as unknown as number;

export function isSeen(container: HTMLElement): boolean {
  return container.dataset.shown !== undefined;
}

/**
 * Lets the map be seen as soon as its areas are here, if that is so by now; then asks for details, and notes in
 * `data-coloured` when the first frame was on the screen, in milliseconds since the page was opened.
 */
export function seeWhenComplete(map: MapLibre, container: HTMLElement): void {
  // While tiles do not come, those that did are better than none.
  const isWhole = hasAreas(map) || outage.peek() !== null;
  if (map.getPixelRatio() !== UNSEEN_PIXEL_RATIO || !isWhole) return;
  map.setPixelRatio(SCREEN_PIXEL_RATIO);
  map.once("render", () => {
    container.dataset.shown = "";
    requestAnimationFrame(() =>
      setTimeout(() => {
        container.dataset.coloured = String(Math.round(performance.now()));
        detailed.value = true;
      }),
    );
  });
}
