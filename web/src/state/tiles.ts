/** Where tiles come from: the areas are drawn from them. */
import { computed } from "@preact/signals";
import { askPointSource, askTileSource, ofLevel, type Points, type TileSource } from "../api/tiles";
import { mayNarrow } from "./measured";
import { camera, detailed, onNewRevision, region, revision, task } from "./page";
import { pair } from "./pair";
import { measuredLevel, place, placeCode } from "./places";
import { isSettled, resource } from "./resource";
import { watch } from "./watch";

/** Where the grids' tiles are, whatever the level. */
export const tileSource = resource<TileSource>();

export function loadTiles(): void {
  tileSource.load(askTileSource);
}

/** The areas of a level, by their tiles. */
export type Areas = { level: string; from: TileSource };

/** What the map shows: the areas of the measured level; `null` until it is known where they are. */
export const areas = computed<Areas | null>(() => {
  const [source, level] = [tileSource.value.value, measuredLevel.value];
  return source && level !== null ? { level, from: ofLevel(source, level) } : null;
});

/**
 * Resolves when it is known where the map begins, and with which areas: one that is made before would show another place
 * first, or none. What fails to come is not waited for.
 */
export function whenPlaced(): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      () => [region.value, tileSource.value, ...(placeCode.value === null ? [] : [place.value])].every(isSettled),
      (isPlaced) => {
        if (!isPlaced) return;
        resolve();
        stop();
      },
    );
  });
}

/** Homes, or incidents, one by one: for those who may see everything, where the map is near enough. */
export const pointSource = resource<TileSource & { points: Points }>();

const wantedPoints = computed<Points | null>(() => {
  if (!detailed.value || !mayNarrow.value) return null;
  return task.value === "hotspots" ? "incidents" : "households";
});

/** What each dot on the map is, where the map is near enough to show them. */
export const pointsInSight = computed<Points | null>(() => {
  // Two maps are compared by their areas.
  const source = pair.value ? null : pointSource.value.value;
  return source && (camera.value?.zoom ?? 0) >= source.minZoom ? source.points : null;
});

export function followTiles(): void {
  // Asked for together with the region itself, and again when that has a newer revision.
  loadTiles();
  onNewRevision(loadTiles);
  watch(
    () => (wantedPoints.value === null || revision.value === null ? null : `${wantedPoints.value}@${revision.value}`),
    () => {
      const points = wantedPoints.peek();
      if (points === null || revision.peek() === null) pointSource.clear();
      else pointSource.load(async (signal) => ({ ...(await askPointSource(points, signal)), points }));
    },
  );
}
