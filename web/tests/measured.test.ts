// @vitest-environment node
import { beforeEach, expect, test, vi } from "vitest";

// The page's own modules are read anew for each test, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 });

const soon = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });

const LEVEL = { names: { zh: "级", en: "level" }, n_grids: 2, household_target: null };

const REGION = {
  revision: 7,
  generation: { number: 1 },
  code: "62",
  names: { zh: "县", en: "county" },
  open: true,
  utc_offset: "+08:00",
  bbox: null,
  levels: [
    { ...LEVEL, code: "village" },
    { ...LEVEL, code: "grid", household_target: { floor: 1, target: 2, ceiling: 3 } },
  ],
  roles: [],
  households: { n_inside: 5 },
  service_points: {},
  incidents: [],
};

const figure = (numerator: number) => ({ numerator, denominator: 2, value: numerator / 2 });
const FIGURES = { homes: figure(3), overlap: figure(1), closed_at_grid: figure(0) };
const NAMED = { id: "1", code: "1", name: null, parent: null, area_m2: 1, missing_roles: [] };

const asked: string[] = [];

/** The county's server: an answer holds the figures that were asked for. */
function answer(path: string): object {
  const { pathname, searchParams } = new URL(path, "http://here");
  if (pathname === "/api/region") return REGION;
  const wanted = searchParams.get("figures")?.split(",");
  const told = Object.entries(FIGURES).filter(([name]) => wanted?.includes(name) ?? true);
  return {
    at: "2024-01-01T00:00:00Z",
    revision: 7,
    level: searchParams.get("level"),
    period: null,
    minimum: null,
    released: null,
    household_target: null,
    required_roles: [],
    tiers: [],
    total: { ...NAMED, figures: FIGURES },
    rows: [{ ...NAMED, figures: Object.fromEntries(told) }],
  };
}

/** The state of a page that is opened at an address, its region known. */
async function opened(search: string) {
  vi.resetModules();
  asked.length = 0;
  vi.stubGlobal("location", { search, pathname: "/", href: `http://here/${search}`, origin: "http://here" });
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(answer(path)));
  });
  const page = await import("../src/state/page");
  const state = await import("../src/state/measured");
  page.loadRegion();
  await soon(() => expect(page.region.value.status).toBe("ready"));
  state.followMeasures();
  await soon(() => expect(state.coverage.value.status).toBe("ready"));
  asked.splice(0, 1);
  return { ...page, ...state };
}

beforeEach(() => vi.unstubAllGlobals());

test.each([
  ["", "api/coverage?level=grid&figures=homes"],
  ["?level=village", "api/coverage?level=village&figures=homes"],
  ["?metric=overlap", "api/coverage?level=grid&figures=overlap"],
  ["?metric=wealth", "api/coverage?level=grid&figures=homes"],
  ["?metric=closed_at_grid", "api/coverage?level=grid&figures=closed_at_grid"],
  ["?metric=closed_at_moon", "api/coverage?level=grid"],
])("a page opened at %s first asks for what it is coloured by", async (search, first) => {
  await opened(search);
  expect(asked).toEqual([first]);
});

test("the other figures come once the map is seen, and those at hand stay meanwhile", async () => {
  const { coverage, coverageQuestion, detailed, measured } = await opened("");
  expect(measured.value?.map(({ value }) => value)).toEqual([3]);
  detailed.value = true;
  await Promise.resolve();
  expect(coverage.value.status).toBe("loading");
  expect(measured.value?.map(({ value }) => value)).toEqual([3]);
  await soon(() => expect(coverage.value.status).toBe("ready"));
  expect(asked.at(-1)).toBe("api/coverage?level=grid");
  expect(Object.keys(coverage.value.value?.rows[0]?.figures ?? {})).toEqual(Object.keys(FIGURES));
  expect(asked.length).toBe(2);
  expect(coverageQuestion.value?.figures).toBe(null);
});

test("a metric that is chosen before its figures are here is waited for, not told as unknown", async () => {
  const { measured, show } = await opened("");
  show({ metric: "overlap" });
  expect(measured.value).toBe(null);
  await soon(() => expect(measured.value?.map(({ value }) => value)).toEqual([0.5]));
  show({ metric: "closed_at_moon" });
  expect(measured.value?.map(({ value }) => value)).toEqual([null]);
  expect(asked).toEqual(["api/coverage?level=grid&figures=homes", "api/coverage?level=grid"]);
});

test("what was refused is asked again only when the reader wishes", async () => {
  const { coverage, detailed, measureAgain } = await opened("?level=village");
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response("{}", { status: 403 });
  });
  measureAgain();
  await soon(() => expect(coverage.value.status).toBe("failed"));
  const n = asked.length;
  detailed.value = true;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(coverage.value.status).toBe("failed");
  expect(asked.length).toBe(n);
});

test("what did not come is asked for by itself until it is here", async () => {
  const { coverage, measureAgain } = await opened("?level=village");
  const answers = [
    new Response("", { status: 502 }),
    new Response("<h1>proxy</h1>"),
    new Response("", { status: 500 }),
  ];
  vi.stubGlobal("fetch", async (path: string) => {
    const failure = answers.shift();
    if (failure) return failure;
    return new Response(JSON.stringify(answer(path)));
  });
  measureAgain();
  await soon(() => expect(coverage.value.status).toBe("failed"));
  await soon(() => expect(coverage.value.status).toBe("ready"));
  expect(answers).toEqual([]);
});
