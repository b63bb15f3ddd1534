import { expect, test } from "vitest";
import { readUrl, type View, writeUrl } from "../src/state/url";

const EMPTY: View = { level: null, question: null, heat: false, language: null, camera: null };

test("an address says what was seen", () => {
  const view: View = {
    level: "village",
    question: { lon: 103.3816123, lat: 34.8866, frame: "gcj02", accuracyM: 30 },
    heat: true,
    language: "en",
    camera: { lon: 103.6, lat: 34.75, zoom: 10.5 },
  };
  const address = writeUrl(view);
  expect(address).toBe(
    "?level=village&at=103.3816123,34.8866&crs=gcj02&accuracy=30&heat=1&lang=en&map=103.6000,34.7500,10.50",
  );
  expect(readUrl(address)).toEqual(view);
});

test("what goes without saying is left out", () => {
  expect(writeUrl(EMPTY)).toBe("");
  expect(readUrl("")).toEqual(EMPTY);
});

test.each([
  "?level=<script>",
  "?at=abc",
  "?at=103.38",
  "?at=1,2,3",
  "?at=34.88,103.38",
  "?at=Infinity,1",
  "?at=,",
  "?heat=yes&lang=fr",
  "?map=1,2",
  "?map=103,34,99",
  `?level=${"x".repeat(10_000)}`,
  "?%%%=&&&",
])("a hand-edited address still opens: %s", (search) => {
  expect(readUrl(search)).toEqual(EMPTY);
});
