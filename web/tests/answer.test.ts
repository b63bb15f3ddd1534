import { expect, test } from "vitest";
import { readAnswer } from "../src/api/locate";
import { Malformed } from "../src/api/parse";

const OUTSIDE = {
  revision: 7,
  generation: 1,
  position: { lon: 103.1, lat: 34.2 },
  grids: [],
  edge: null,
  certain: true,
  candidates: [],
  n_candidates: 0,
  chain: [],
  mediators: [],
  nearest: { grid: { id: "1", code: "1", name: null, level: "group" }, distance_m: 12.5 },
};

test("an answer is read whole, or refused by place", () => {
  expect(readAnswer(OUTSIDE).nearest?.distanceM).toBe(12.5);
  expect(() => readAnswer({ ...OUTSIDE, certain: "yes" })).toThrow(new Malformed("answer.certain", "true or false"));
  expect(() => readAnswer({ ...OUTSIDE, chain: [{}] })).toThrow(Malformed);
  expect(() => readAnswer([])).toThrow(new Malformed("answer", "an object"));
});
