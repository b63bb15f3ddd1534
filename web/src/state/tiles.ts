/** Where the tiles of the shown level come from: its areas are drawn from them. */
import { effect } from "@preact/signals";
import { askTileSource, type TileSource } from "../api/tiles";
import { revision } from "./page";
import { measuredLevel } from "./places";
import { resource } from "./resource";

export const tileSource = resource<TileSource & { level: string }>();

export function loadTiles(): void {
  const level = measuredLevel.value;
  if (level === null || revision.value === null) tileSource.clear();
  else tileSource.load(async (signal) => ({ ...(await askTileSource(level, signal)), level }));
}

export function followTiles(): void {
  effect(loadTiles);
}
