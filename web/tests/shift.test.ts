import { expect, test } from "vitest";
import { piecesOf, project, toGcj02, unproject } from "../src/map/shift";

/** Places as the server moves them from GCJ-02: `/api/locate?crs=gcj02`. */
test.each([
  [116.40375500458903, 39.91859555283444, 116.41, 39.92],
  [121.47548265727357, 31.23194643818558, 121.48, 31.23],
  [103.38508674789365, 34.89206798764787, 103.3876, 34.8912],
  [87.61715105075872, 43.7987791920053, 87.62, 43.8],
])("%d, %d is moved as the server has it", (lon, lat, east, north) => {
  const [x, y] = toGcj02([lon, lat]);
  expect(x).toBeCloseTo(east, 7);
  expect(y).toBeCloseTo(north, 7);
});

test("outside China nothing moves", () => {
  expect(toGcj02([2.35, 48.85])).toEqual([2.35, 48.85]);
});

test("tiles and degrees agree both ways", () => {
  for (const at of [
    [103.38, 34.88],
    [-70.6, -33.4],
    [0, 0],
  ] as [number, number][]) {
    const [x, y] = project(at, 12);
    const [lon, lat] = unproject(x, y, 12);
    expect(lon).toBeCloseTo(at[0], 9);
    expect(lat).toBeCloseTo(at[1], 9);
  }
});

test("the pictures of a shifted tile cover it without a gap, where its centre's offset puts them", () => {
  for (const z of [3, 8, 12, 17]) {
    const [x, y] = project([103.38, 34.88], z).map(Math.floor) as [number, number];
    const pieces = piecesOf({ z, x, y });
    // Each piece is one tile large: what they cover of the wanted tile adds up to all of it.
    const covered = pieces.reduce(
      (sum, { dx, dy }) => sum + Math.max(0, 1 - Math.abs(dx)) * Math.max(0, 1 - Math.abs(dy)),
      0,
    );
    expect(covered).toBeCloseTo(1, 9);
    for (const { tile, dx, dy } of pieces) {
      const [east, south] = project(toGcj02(unproject(x + 0.5, y + 0.5, z)), z);
      // The centre of the wanted tile lies in the shifted picture where GCJ-02 has it.
      expect(tile.x - dx + 0.5).toBeCloseTo(east, 9);
      expect(tile.y - dy + 0.5).toBeCloseTo(south, 9);
    }
  }
});

test("at the upper edge of the world no picture is asked for above it", () => {
  for (const { tile } of piecesOf({ z: 2, x: 3, y: 0 })) expect(tile.y).toBeGreaterThanOrEqual(0);
});
