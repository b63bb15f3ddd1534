/**
 * Moves pictures that are drawn in GCJ-02 to where they belong.
 *
 * The offset between WGS 84 and GCJ-02 changes by centimetres over a tile, so one offset, that at the tile's centre,
 * holds for all of it. The data of the page never moves.
 */
import type { Coordinates } from "../api/features";

const MAJOR_AXIS_M = 6_378_245;
const ECCENTRICITY2 = 0.006693421622965943;

/** Where GCJ-02 puts a place of WGS 84; outside China it is where it is. */
export function toGcj02([lon, lat]: Coordinates): Coordinates {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
  const [x, y] = [lon - 105, lat - 35];
  const { sin, sqrt, abs, cos, PI } = Math;
  // Sine waves by size and how many degrees half of one takes.
  const waves = (at: number, ...parts: readonly (readonly [size: number, degrees: number])[]) =>
    parts.reduce((sum, [size, degrees]) => sum + (size * 2 * sin((at * PI) / degrees)) / 3, 0);
  const shared = 0.1 * x * y + waves(x, [20, 1 / 6], [20, 1 / 2]);
  const root = sqrt(abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * (y * y + root) + shared + waves(y, [20, 1], [40, 3], [160, 12], [320, 30]);
  const east = 300 + x + 2 * y + 0.1 * (x * x + root) + shared + waves(x, [20, 1], [40, 3], [150, 12], [300, 30]);
  const latitude = (lat * PI) / 180;
  const flattening = 1 - ECCENTRICITY2 * sin(latitude) ** 2;
  const perNorth = (MAJOR_AXIS_M * (1 - ECCENTRICITY2)) / (flattening * sqrt(flattening));
  const perEast = (MAJOR_AXIS_M / sqrt(flattening)) * cos(latitude);
  return [lon + (east * 180) / (perEast * PI), lat + (north * 180) / (perNorth * PI)];
}

/** A tile of the web's square pyramid: column `x` from the west, row `y` from the north. */
export type Tile = { z: number; x: number; y: number };

/** One picture of the shifted pyramid, and where its top left corner goes, in tiles from that of the wanted one. */
export type Piece = { tile: Tile; dx: number; dy: number };

/** Which pictures, drawn in GCJ-02, cover a tile of WGS 84, and where: up to four. */
export function piecesOf(tile: Tile): Piece[] {
  const { z } = tile;
  const middle = unproject(tile.x + 0.5, tile.y + 0.5, z);
  const [shiftedX, shiftedY] = project(toGcj02(middle), z);
  const [x, y] = [shiftedX - 0.5, shiftedY - 0.5];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const n = 2 ** z;
  const pieces: Piece[] = [];
  for (const row of [top, top + 1]) {
    for (const column of [left, left + 1]) {
      const [dx, dy] = [column - x, row - y];
      const touches = dx < 1 && dy < 1 && dx > -1 && dy > -1;
      if (touches && row >= 0 && row < n) pieces.push({ tile: { z, x: (column + n) % n, y: row }, dx, dy });
    }
  }
  return pieces;
}

/** Degrees to tiles from the north-west corner of the world, with their fractions. */
export function project([lon, lat]: Coordinates, z: number): [x: number, y: number] {
  const n = 2 ** z;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [((lon + 180) / 360) * n, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * n];
}

export function unproject(x: number, y: number, z: number): Coordinates {
  const n = 2 ** z;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI;
  return [(x / n) * 360 - 180, lat];
}
