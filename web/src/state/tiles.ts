/** Where the tiles of the shown level come from: its areas are drawn from them. */
import { computed, effect } from "@preact/signals";
import { askPointSource, askTileSource, type Points, type TileSource } from "../api/tiles";
import { mayNarrow } from "./measured";
import { camera, detailed, revision, task } from "./page";
import { measuredLevel } from "./places";
import { resource } from "./resource";

export const tileSource = resource<TileSource & { level: string }>();

export function loadTiles(): void {
  const level = measuredLevel.value;
  if (level === null || revision.value === null) tileSource.clear();
  else tileSource.load(async (signal) => ({ ...(await askTileSource(level, signal)), level }));
}

/** Homes, or incidents, one by one: for those who may see everything, where the map is near enough. */
export const pointSource = resource<TileSource & { points: Points }>();

const wantedPoints = computed<Points | null>(() => {
  if (!detailed.value || !mayNarrow.value) return null;
  return task.value === "hotspots" ? "incidents" : "households";
});

/** What each dot on the map is, where the map is near enough to show them. */
export const pointsInSight = computed<Points | null>(() => {
  const source = pointSource.value.value;
  return source && (camera.value?.zoom ?? 0) >= source.minZoom ? source.points : null;
});

export function followTiles(): void {
  effect(loadTiles);
  effect(() => {
    const points = wantedPoints.value;
    if (points === null || revision.value === null) pointSource.clear();
    else pointSource.load(async (signal) => ({ ...(await askPointSource(points, signal)), points }));
  });
}
