import { expect, test } from "vitest";
import { NO_ROTATION } from "../src/state/rotation";
import { NO_FILTER, readUrl, type View, writeUrl } from "../src/state/url";

const EMPTY: View = {
  mode: "page",
  rotation: NO_ROTATION,
  task: null,
  place: null,
  within: null,
  against: null,
  grouped: false,
  chosen: null,
  marked: [],
  level: null,
  metric: null,
  classing: null,
  off: [],
  surface: "rate",
  rankBy: "rate",
  leastHomes: null,
  filter: NO_FILTER,
  than: null,
  beside: false,
  question: null,
  basemap: null,
  language: null,
  theme: null,
  camera: null,
};

const FULL: View = {
  mode: "wall",
  rotation: {
    stops: [
      { task: "coverage", level: "grid", metric: "homes" },
      { task: "hotspots", level: null, metric: null },
    ],
    everyS: 45,
  },
  task: "hotspots",
  place: "623021100",
  within: "623021100001",
  against: "623021100002",
  grouped: true,
  chosen: "623021100002",
  marked: ["623021100002", "623021100003"],
  level: "village",
  metric: "closed_at_village",
  classing: { method: "natural", n: 4, limits: [] },
  off: [0, 3],
  surface: "heat",
  rankBy: "smoothed",
  leastHomes: 50,
  filter: { kind: "dispute", tier: "village", status: "open", from: "2024-02-01", to: "2024-02-29" },
  than: { from: "2023-02-01", to: "2023-02-28" },
  beside: true,
  question: { lon: 103.3816123, lat: 34.8866, frame: "gcj02", accuracyM: 30, day: "2024-03-03" },
  basemap: "osm",
  language: "en",
  theme: "dark",
  camera: { lon: 103.6, lat: 34.75, zoom: 10.5 },
};

test("an address says what was seen", () => {
  const address = writeUrl(FULL);
  expect(address).toBe(
    "?wall=1&views=coverage/grid/homes,hotspots&every=45&view=hotspots&in=623021100&within=623021100001&against=623021100002&grouped=1&area=623021100002&marked=623021100002,623021100003&level=village&metric=closed_at_village&classes=natural,4&off=0,3" +
      "&surface=heat&rank=smoothed&least=50&kind=dispute&tier=village&status=open&from=2024-02-01&to=2024-02-29&than=2023-02-01/2023-02-28&beside=1" +
      "&at=103.3816123,34.8866&crs=gcj02&accuracy=30&on=2024-03-03&base=osm&lang=en&theme=dark&map=103.6000,34.7500,10.50",
  );
  expect(readUrl(address)).toEqual(FULL);
});

test("own limits are kept in the address", () => {
  const view: View = { ...EMPTY, classing: { method: "manual", n: 0, limits: [0.5, 65, 120] } };
  expect(writeUrl(view)).toBe("?classes=manual,0.5,65,120");
  expect(readUrl("?classes=manual,0.5,65,120")).toEqual(view);
});

test("what goes without saying is left out", () => {
  expect(writeUrl(EMPTY)).toBe("");
  expect(readUrl("")).toEqual(EMPTY);
});

test.each([
  "?level=<script>",
  "?view=everything&in=<b>&area=%22",
  "?at=abc",
  "?at=103.38",
  "?at=1,2,3",
  "?at=134.88,103.38",
  "?at=Infinity,1",
  "?at=,",
  "?surface=yes&lang=fr&theme=blue",
  "?classes=natural,99",
  "?classes=manual,x",
  "?classes=best",
  "?off=-1,99,x",
  "?from=2024-02-31&to=yesterday&status=lost",
  "?map=1,2",
  "?map=103,34,99",
  `?level=${"x".repeat(10_000)}`,
  "?%%%=&&&",
])("a hand-edited address still opens: %s", (search) => {
  expect(readUrl(search)).toEqual(EMPTY);
});

test("a link with the latitude first, as other systems write it, is that place", () => {
  expect(readUrl("?at=34.88,103.38").question).toMatchObject({ lon: 103.38, lat: 34.88 });
});

test("an accuracy that is none is taken as exact", () => {
  for (const accuracy of ["-5", "1e9", "x", "2.5"]) {
    expect(readUrl(`?at=103,34&accuracy=${accuracy}`).question?.accuracyM, accuracy).toBe(0);
  }
});

test.each([
  ["views=coverage//homes,nonsense,hotspots/a<b,locate", 1, 30],
  ["every=0", 0, 5],
  ["every=soon&views=hotspots/township", 1, 30],
  [`every=1e9&views=${"hotspots,".repeat(1000)}`, 24, 3600],
])("a wall shows what can be understood of %s", (query, n, everyS) => {
  const { rotation } = readUrl(`?wall=1&${query}`);
  expect([rotation.stops.length, rotation.everyS]).toEqual([n, everyS]);
});
