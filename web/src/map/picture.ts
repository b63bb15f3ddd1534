import type { Map as MapLibre } from "maplibre-gl";
import { palettes } from "../state/palette";
import { theme } from "../state/theme";
import { showDegrees } from "./draw";
import { SCREEN_PIXEL_RATIO } from "./seen";

/** Maps as they are now, from left to right on a canvas of their own, with `ratio` pixels for each of the page. */
export function picture(maps: readonly MapLibre[], ratio: number): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  const sizes = maps.map((map) => map.getContainer());
  copy.width = ratio * sizes.reduce((sum, { clientWidth }) => sum + clientWidth, 0);
  copy.height = ratio * Math.max(...sizes.map(({ clientHeight }) => clientHeight));
  const pen = copy.getContext("2d");
  if (!pen) return copy;
  pen.fillStyle = palettes[theme.peek()].background;
  pen.fillRect(0, 0, copy.width, copy.height);
  let left = 0;
  for (const map of maps) {
    map.setPixelRatio(ratio);
    // Another size counts as a move, which takes them away for a moment.
    showDegrees(map, true);
    // Only till the end of this task does the map's canvas hold what was drawn.
    map.redraw();
    pen.drawImage(map.getCanvas(), left, 0);
    left += map.getCanvas().width;
    map.setPixelRatio(SCREEN_PIXEL_RATIO);
  }
  return copy;
}
