import { beforeAll, beforeEach, expect, test, vi } from "vitest";

const grid = { id: "1", code: "623021100", name: "城关镇", level: "township", above: [] };
const holder = { id: "W1", name: "李某", phone: "000-0000-0001", role: "grid_leader", grid };
const place = { kind: "place", at: { lon: 103.4, lat: 34.9 }, frame: "gcj02", accuracyM: 0 } as const;

const asked: string[] = [];
const kept = new Map<string, string>();
let search: typeof import("../src/state/search");
let recents: typeof import("../src/state/recent");

beforeAll(async () => {
  vi.stubGlobal("location", { search: "", pathname: "/", href: "http://here/", origin: "http://here" });
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify({ revision: 1, grids: [grid], holders: [holder] }));
  });
  search = await import("../src/state/search");
  recents = await import("../src/state/recent");
});

beforeEach(() => {
  asked.length = 0;
  recents.clearRecent();
});

test("a name is looked for over the server, once for all that is typed in a row", async () => {
  const { text, found } = search.finder();
  for (const typed of ["d", "dh", "dhl"]) text.value = typed;
  await vi.waitFor(() => expect(found.value).toHaveLength(2));
  expect(asked).toEqual(["api/search?q=dhl&limit=6"]);
  expect(found.value).toMatchObject([
    { kind: "grid", code: "623021100" },
    { kind: "holder", name: "李某" },
  ]);
});

test("a coordinate, or a link to one, is read here and never sent as a name", async () => {
  const { text, found } = search.finder();
  text.value = "https://uri.amap.com/marker?position=103.37563,34.88253";
  expect(found.value).toEqual([{ kind: "place", at: { lon: 103.37563, lat: 34.88253 }, frame: "gcj02", accuracyM: 0 }]);
  text.value = "103.37563,34.88253 城关镇";
  expect(found.value.map((one) => one.kind === "place" && one.frame)).toEqual(["wgs84", "gcj02", "bd09"]);
  await new Promise((done) => setTimeout(done, 200));
  expect(asked).toEqual([]);
});

test.each([
  ["长".repeat(81), "unreadable"],
  ["长".repeat(9_000), "long"],
  ["103.38,34.88,5", "several"],
  ["https://example.com/a", "link"],
])("what is neither place nor name says why, and the server is not asked: %#", async (typed, why) => {
  const { text, found, fault } = search.finder();
  text.value = typed;
  expect([found.value, fault.value]).toEqual([[], why]);
  await new Promise((done) => setTimeout(done, 200));
  expect(asked).toEqual([]);
});

test("look-ups are kept in the browser, the newest first, each once, without telephones, until they are cleared", () => {
  recents.keepRecent(place);
  recents.keepRecent({ kind: "grid", ...grid });
  recents.keepRecent(place);
  recents.keepRecent({ kind: "holder", ...holder });
  const stored = kept.get("gridmap.recent") ?? "";
  expect(JSON.parse(stored).map((one: { kind: string }) => one.kind)).toEqual(["holder", "place", "grid"]);
  expect(stored).not.toContain("000-0");
  expect(
    recents.recent.value.map(({ kind }) => kind),
    "no person where the server may not name any",
  ).toEqual(["place", "grid"]);
  recents.clearRecent();
  expect([kept.size, recents.recent.value]).toEqual([0, []]);
});
