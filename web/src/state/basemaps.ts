/** The pictures under the grids that the server offers; none is shown unless it is chosen. */
import { computed } from "@preact/signals";
import { askBasemaps, type Basemap } from "../api/basemaps";
import { detailed, map, view } from "./page";
import { resource } from "./resource";
import { watch } from "./watch";

export const basemaps = resource<Basemap[]>();

export const basemap = computed<Basemap | null>(
  () => basemaps.value.value?.find((one) => one.id === view.value.basemap) ?? null,
);

/** Asks for the list once there is a map to lay them under, and it is seen. */
export function followBasemaps(): void {
  watch(
    () => detailed.value && map.value !== null && map.value !== "undrawable",
    (isDue) => {
      if (isDue && basemaps.peek().status === "idle") basemaps.load(askBasemaps);
    },
  );
}
