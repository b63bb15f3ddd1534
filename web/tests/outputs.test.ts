// @vitest-environment node
/** Legend, table, tooltip, file and caption of the same random figures. */
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { HotspotRow } from "../src/api/hotspots";
import type { Region } from "../src/api/region";
import type { Filter } from "../src/state/url";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
vi.stubGlobal("location", { search: "?view=hotspots&lang=en", pathname: "/", href: "http://here/" });
vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });

const level = (code: string) => ({ code, names: { zh: code, en: code }, nGrids: 2, householdTarget: null });
const region = (open: boolean): Region => ({
  revision: 7,
  code: "62",
  names: { zh: "县", en: "county" },
  open,
  utcOffset: "+08:00",
  bbox: null,
  levels: [level("county"), level("village"), level("grid")],
  roles: [],
  servicePoints: [],
  incidents: [],
  nHouseholds: 5,
  committed: "2024-05-01T02:30:00Z",
  released: null,
  generation: { number: 1 },
});

/** The modules of the page that are asked here. */
async function modules() {
  const [page, measured, legend, caption, csv, values, play] = await Promise.all([
    import("../src/state/page"),
    import("../src/state/measured"),
    import("../src/state/legend"),
    import("../src/state/caption"),
    import("../src/state/csv"),
    import("../src/state/values"),
    import("../src/state/play"),
  ]);
  return { ...page, ...measured, ...legend, ...caption, ...csv, ...values, ...play };
}
let here: Awaited<ReturnType<typeof modules>>;

const WEEKS = [
  { week: "2024-W01", from: "2024-01-01" },
  { week: "2024-W02", from: "2024-01-08" },
];

const WITHHELD = { numerator: null, denominator: null, value: null, withheld: true };

/** Incidents in an area: counted, withheld from the public, or of no homes at all. */
const figure = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 20_000 })).map(([n, of]) => counted(n, of)) },
  { weight: 1, arbitrary: fc.constant(WITHHELD) },
  { weight: 1, arbitrary: fc.constant({ numerator: 0, denominator: 0, value: null, withheld: false }) },
);

function counted(numerator: number, denominator: number) {
  return { numerator, denominator, value: Math.round((1e6 * numerator) / denominator) / 1e4, withheld: false };
}

const week = fc.option(fc.nat(12), { freq: 4 });

const rows = fc
  .array(fc.tuple(figure, week, week), { minLength: 1, maxLength: 40 })
  .map((all) => all.map(([incidents, ...byWeek], n) => area(`${1000 + n}`, incidents, byWeek)));

function area(code: string, incidents: HotspotRow["incidents"], byWeek: HotspotRow["byWeek"] = [1, 2]): HotspotRow {
  return { id: code, code, name: `Place, "${code}"`, parent: null, incidents, byWeek, at: null, estimate: null };
}

/** Lets the page have an answer to what it asks. */
async function answer(rows: readonly HotspotRow[], total = area("62", counted(305, 50_000))): Promise<void> {
  const question = here.hotspotQuestion.value;
  if (question === null) throw new Error("nothing is asked");
  const common = { at: "2024-05-01T02:30:00Z", revision: 7, level: question.level, minimum: null, released: null };
  const told = { period: null, weeks: WEEKS, points: [], fallback: { points: [] }, question };
  here.hotspots.load(async () => ({ ...common, ...told, total, rows: [...rows] }));
  await vi.waitFor(() => expect(here.hotspots.value.status).toBe("ready"));
}

async function open(isOpen: boolean, filter: Partial<Filter> = {}): Promise<void> {
  here.region.load(async () => region(isOpen));
  await vi.waitFor(() => expect(here.region.value.value?.open).toBe(isOpen));
  here.show({ filter: { ...here.filter.value, ...filter }, off: [] });
}

beforeAll(async () => {
  here = await modules();
});
beforeEach(async () => {
  here.week.value = null;
  await open(true, { kind: null, tier: null, status: null, from: null, to: null });
});

/** The cells of a file, as a reader of RFC 4180 finds them. */
function cells(csv: string): string[][] {
  const lines = csv.replace(/^\uFEFF/, "").split("\r\n");
  const cell = /("(?:[^"]|"")*"|[^,]*)(,|$)/g;
  const plain = (one: string) => (one.startsWith('"') ? one.slice(1, -1).replaceAll('""', '"') : one);
  return lines.slice(0, -1).map((line) => {
    const found = [...line.matchAll(cell)];
    return found.slice(0, found.findIndex(([, , end]) => end === "") + 1).map(([, one = ""]) => plain(one));
  });
}

test("legend, table, tooltip and file say the same of every area, and what is withheld is 0 in none of them", async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(null, 0, 1), async (all, played) => {
      await answer(all);
      here.week.value = played;
      const measured = here.measured.value ?? [];
      const legend = here.legend.value.map(here.rowText);
      expect(new Set(legend).size).toBe(legend.length);
      expect(here.legend.value.reduce((sum, row) => sum + (row.n ?? 0), 0)).toBe(all.length);
      const [head = [], ...lines] = cells(here.csvOf(measured));
      expect(lines).toHaveLength(all.length);
      const column = (code: string) => head.findIndex((one) => one.endsWith(`[${code}]`));
      for (const [n, row] of measured.entries()) {
        const cell = (code: string) => lines[n]?.[column(code)];
        const of = all[n];
        const held = played === null ? of?.incidents.numerator : of?.byWeek[played];
        const shown = here.areaText(row);
        expect(cell("code")).toBe(row.code);
        expect(cell("name")).toBe(row.name);
        expect(cell(here.metric.value.code)).toBe(shown);
        expect(legend).toContain(cell("class"));
        expect(cell("incidents_numerator")).toBe(held === null ? here.missingText(row.figure) : `${held}`);
        if (held === null) expect(`${shown} ${here.partsText(here.metric.value, row.figure)}`).not.toMatch(/(^| )0/);
        expect(cell("2024-W02")).toBe(of?.byWeek[1] === null ? "Withheld" : `${of?.byWeek[1]}`);
      }
    }),
    { seed: 12, numRuns: 150 },
  );
});

test("while a week is played every figure is of that week, and the caption says which", async () => {
  await answer([area("1", counted(23, 816), [3, 4])], area("62", counted(305, 50_000), [5, 6]));
  here.week.value = 1;
  const [row] = here.measured.value ?? [];
  expect(row && [here.areaText(row), here.partsText(here.metric.value, row.figure)]).toEqual(["4", "4 / 816"]);
  const total = here.hotspots.value.value?.total;
  expect(total && here.countedIn(total)).toMatchObject({ numerator: 6, value: null });
  expect(here.captionDetails.value).toContain("2024-W02 · week of 2024-01-08");
  expect(here.captionTitle.value).toBe("County · Incidents in the week · Grid");
  expect(here.weekSpan.value).toEqual({ from: "2024-01-08", to: "2024-01-14" });
});

test("a caption says place, metric, level, days, kind, state, classes, and the time of its data", async () => {
  await open(true, { kind: "dispute", status: "open", from: "2024-03-01", to: "2024-05-31" });
  await answer([area("1", counted(1, 800)), area("2", counted(3, 800))]);
  here.show({ off: [0] });
  expect(here.captionTitle.value).toBe("County · Incidents per 100 homes · Grid");
  expect(here.captionDetails.value).toEqual([
    "2024-03-01 – 2024-05-31",
    "Disputes",
    "Open",
    "Classes: Natural breaks",
    "Not shown: 0.13–0.37",
  ]);
  expect(here.captionSource.value).toEqual(["Data of 2024-05-01 10:30 (revision 7, boundaries 1)"]);
  expect(here.fileName("csv")).toBe("County-Incidents-per-100-homes-Grid_2024-03-01-–-2024-05-31_Disputes_Open_r7.csv");
});

test("the public is not told of a filter that its server ignores, and plays no weeks", async () => {
  await open(false, { kind: "dispute", from: "2024-03-01" });
  expect(here.hotspotQuestion.value).toMatchObject({ kind: null, datetime: null });
  await answer([area("1", counted(5, 800), [null, null])]);
  expect(here.captionDetails.value.slice(0, 2)).toEqual(["All time", "All types"]);
  here.togglePlaying();
  here.showWeek(1);
  expect(here.week.value).toBe(null);
});

test.each([
  ["another level", () => here.show({ level: "village" })],
  ["other days", () => here.show({ filter: { ...here.filter.value, from: "2024-02-01" } })],
  ["another kind", () => here.show({ filter: { ...here.filter.value, kind: "request" } })],
])("no word stands over figures of %s while the new ones are on their way, or do not come", async (_, change) => {
  here.show({ level: "grid" });
  await answer([area("1", counted(5, 800))]);
  expect(here.measured.value).toHaveLength(1);
  change();
  here.hotspots.load(() => Promise.reject(new Error("away")));
  for (const status of ["loading", "failed"]) {
    await vi.waitFor(() => expect(here.hotspots.value.status).toBe(status));
    expect([here.isOfView.value, here.measured.value, here.captionDetails.value]).toEqual([false, null, []]);
  }
  here.show({ level: "grid", filter: { ...here.filter.value, kind: null, from: null } });
  expect(here.measured.value).toHaveLength(1);
});

test("a sum says of what is withheld that it is more than that, and of nothing alone that it is 0", () => {
  const { sumText, HOTSPOT_METRIC: rate } = here;
  const homes = { code: "homes", unit: "homes", ramp: "target" } as const;
  const fault = { code: "without_leader", unit: "flag", ramp: "fault" } as const;
  const undivided = { ...WITHHELD, numerator: 7, withheld: false };
  expect(sumText(rate, [counted(1, 150), counted(2, 150)])).toBe("1.00 · 3 / 300");
  expect(sumText(rate, [counted(5, 100), WITHHELD, WITHHELD])).toBe("at least 5 (2: Withheld)");
  expect(sumText(rate, [WITHHELD])).toBe("Withheld");
  expect(sumText(rate, [counted(0, 0)])).toBe("Does not apply");
  expect(sumText(rate, [counted(5, 100), undivided])).toBe("12");
  expect(sumText(homes, [counted(1200, 65), counted(100, 65)])).toBe("1,300 · Target 130");
  expect(sumText(homes, [undivided, undivided])).toBe("14");
  expect(sumText(fault, [counted(0, 1), counted(1, 1)])).toBe("1 / 2");
});
