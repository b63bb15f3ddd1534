// @vitest-environment node
import { readFileSync } from "node:fs";
import { beforeAll, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 60_000 });

const CASE = new URL("../../fixtures/cases/14-name-search/grids.geojson", import.meta.url);

type Feature = { id?: string; properties: { code: string; level: string; name: string }; geometry: unknown };

const features: Feature[] = JSON.parse(readFileSync(CASE, "utf8")).features;

const level = (code: string) => ({ code, names: { zh: code, en: code }, n_grids: 4, household_target: null });

const REGION = {
  revision: 1,
  generation: { number: 1 },
  code: "99",
  names: { zh: "县", en: "county" },
  open: false,
  utc_offset: "+08:00",
  bbox: null,
  levels: ["county", "village", "grid"].map(level),
  roles: [],
  households: { n_inside: 0 },
  service_points: {},
  incidents: [],
};

/** The county's server: its region, and the grids of a level as they were imported. */
function answer(path: string): object {
  const { pathname, searchParams } = new URL(path, "http://here");
  if (pathname === "/api/region") return REGION;
  const wanted = features.filter(({ properties }) => properties.level === searchParams.get("level"));
  const served = wanted.map((one) => ({ ...one, id: one.properties.code }));
  return { type: "FeatureCollection", features: served, numberMatched: served.length, links: [] };
}

let search: typeof import("../src/state/search");

beforeAll(async () => {
  vi.stubGlobal("location", { search: "", pathname: "/", href: "http://here/", origin: "http://here" });
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("fetch", async (path: string) => new Response(JSON.stringify(answer(path))));
  const page = await import("../src/state/page");
  search = await import("../src/state/search");
  page.loadRegion();
  await vi.waitFor(() => expect(page.region.value.status).toBe("ready"), { timeout: 30_000 });
  search.prepareSearch();
  await vi.waitFor(() => expect(page.gridsByCode.value.size).toBe(features.length), { timeout: 30_000 });
});

/** What is written on the map, and the same typed on another keyboard. */
test.each([
  ["第１网格", "99000101"],
  ["第1网格", "99000101"],
  ["１网格", "99000101"],
  ["\ufa10村一组", "99000102"],
  ["塚村一组", "99000102"],
  ["Ａ座", "99000201"],
  ["a座", "99000201"],
  ["Cafe\u0301 街", "99000202"],
  ["Caf\u00e9 街", "99000202"],
  ["９９０００２０２", "99000202"],
])("a name is found however it is typed: %s", (typed, code) => {
  search.sought.value = typed;
  expect(search.found.value).toMatchObject([{ kind: "grid", code }]);
});
