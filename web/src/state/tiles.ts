/** Where the tiles of a level come from that has too many grids for one GeoJSON. */
import { effect } from "@preact/signals";
import { askTileSource, type TileSource } from "../api/tiles";
import { isTiled, revision } from "./page";
import { measuredLevel } from "./places";
import { resource } from "./resource";

export const tileSource = resource<TileSource & { level: string }>();

export function loadTiles(): void {
  const level = measuredLevel.value;
  if (level === null || revision.value === null || !isTiled(level)) tileSource.clear();
  else tileSource.load(async (signal) => ({ ...(await askTileSource(level, signal)), level }));
}

export function followTiles(): void {
  effect(loadTiles);
}
