import { expect, test } from "vitest";
import { dayIn } from "../src/api/region";

test.each([
  ["2024-01-02T05:25:00Z", "+08:00", "2024-01-02"],
  ["2024-01-02T16:00:00Z", "+08:00", "2024-01-03"],
  ["2024-01-02T15:59:59Z", "+08:00", "2024-01-02"],
  ["2024-01-01T03:00:00Z", "-05:00", "2023-12-31"],
  ["2024-01-01T20:00:00Z", "+05:45", "2024-01-02"],
  ["soon", "+08:00", "soon"],
])("%s is, at %s, the day %s", (instant, offset, day) => {
  expect(dayIn(instant, offset)).toBe(day);
});
