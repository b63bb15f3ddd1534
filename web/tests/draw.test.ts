// @vitest-environment node
import type { Map as MapLibre } from "maplibre-gl";
import { expect, test, vi } from "vitest";
import type { Coverage } from "../src/api/coverage";
import type { Region } from "../src/api/region";

const RING = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
];

const feature = (level: string, code: string, name: string, parent: string | null) => ({
  id: code,
  geometry: { type: "Polygon", coordinates: [RING] },
  properties: { code, name, level, parent, n_households: null },
});

const FEATURES = [
  feature("county", "6", "县", null),
  feature("village", "62", "东村", "6"),
  feature("grid", "621", "东村第1网格", "62"),
  feature("grid", "622", "东村第2网格", "62"),
];

const REGION = {
  code: "6",
  levels: ["county", "village", "grid"].map((code) => ({
    code,
    names: { zh: "级", en: "level" },
    nGrids: 2,
    householdTarget: null,
  })),
};

const row = (code: string, homes: number | null) => ({
  id: code,
  code,
  name: null,
  parent: "62",
  areaM2: 1,
  missingRoles: [],
  figures: { homes: { numerator: homes, denominator: 1, value: homes, withheld: false } },
});

test("the value of each area stands under its name, and under no other", async () => {
  vi.stubGlobal("location", { search: "", pathname: "/", href: "http://here/", origin: "http://here" });
  vi.stubGlobal("matchMedia", () => new EventTarget());
  vi.stubGlobal("document", { documentElement: { dataset: {}, style: { setProperty: () => undefined } } });
  vi.stubGlobal("fetch", async (path: string) => {
    const level = new URL(path, "http://here").searchParams.get("level");
    return Response.json({ features: FEATURES.filter(({ properties }) => properties.level === level), links: [] });
  });
  const page = await import("../src/state/page");
  const { coverage, coverageQuestion } = await import("../src/state/measured");
  const { fonts, overlay } = await import("../src/map/overlay");
  page.region.load(async () => REGION as unknown as Region);
  await vi.waitFor(() => expect(page.region.value.status).toBe("ready"));
  coverage.load(
    async () =>
      ({
        level: "grid",
        revision: 1,
        question: coverageQuestion.value,
        total: { figures: {} },
        rows: [row("621", 1234), row("622", null)],
      }) as unknown as Coverage,
  );
  for (const { code } of REGION.levels) page.loadGrids(code);
  await vi.waitFor(() => expect(page.gridsOf("grid")).toHaveLength(2));
  await vi.waitFor(() => expect(page.gridsOf("village")).toHaveLength(1));
  const setData = vi.fn();
  const map = {
    getSource: (name: string) => ({ setData: name === "labels" ? setData : vi.fn() }),
    setFontFaces: () => undefined,
    getLayer: () => undefined,
  } as unknown as MapLibre;
  fonts.value = () => [] as unknown as ReturnType<NonNullable<typeof fonts.value>>;
  overlay(map, { figured: (row) => row, lit: () => true })();
  const names = setData.mock.lastCall?.[0].features.map((one: ReturnType<typeof feature>) => one.properties.name);
  expect(names).toEqual(["第1网格\n1,234", "第2网格", "东村"]);
});
