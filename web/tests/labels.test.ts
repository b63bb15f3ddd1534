import { expect, test } from "vitest";
import type { AreaGeometry, Ring } from "../src/api/features";
import { labelRoom } from "../src/map/labels";

const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

test("a name stands inside the largest part, beside its hole", () => {
  const geometry: AreaGeometry = {
    type: "MultiPolygon",
    coordinates: [[box(20, 0, 21, 1)], [box(0, 0, 10, 4), box(1, 0.5, 3, 3.5)]],
  };
  const { at, width } = labelRoom(geometry);
  expect(at[0] > 3 && at[0] < 10 && at[1] > 0 && at[1] < 4, String(at)).toBe(true);
  expect(width).toBeGreaterThan(4);
});
