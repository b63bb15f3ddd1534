import { expect, test } from "vitest";
import { circle } from "../src/map/circle";

/** Metres between two places, on the sphere. */
function metresBetween([lon1 = 0, lat1 = 0]: number[], [lon2 = 0, lat2 = 0]: number[]): number {
  const { sin, cos, asin, sqrt, PI } = Math;
  const [a, b, dLon] = [(lat1 * PI) / 180, (lat2 * PI) / 180, ((lon2 - lon1) * PI) / 180];
  return 2 * 6_371_008.8 * asin(sqrt(sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(dLon / 2) ** 2));
}

test.each([10, 100, 10_000])("a circle of %s m has its metres on the ground, all the way round", (radius) => {
  const ring = circle({ lon: 103.37, lat: 34.88 }, radius);
  expect(ring[0]).toEqual(ring.at(-1));
  for (const corner of ring) {
    const metres = metresBetween([103.37, 34.88], corner);
    expect(Math.abs(metres - radius)).toBeLessThan(radius / 500);
  }
});
