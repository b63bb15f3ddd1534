import { beforeAll, expect, test, vi } from "vitest";
import type { Answer, Candidate, ChainLink, Question } from "../src/api/locate";
import type { Region } from "../src/api/region";

let text: typeof import("../src/state/answerText");
let state: typeof import("../src/state/answer");
let page: typeof import("../src/state/page");

beforeAll(async () => {
  vi.stubGlobal("location", { search: "?lang=zh", pathname: "/" });
  text = await import("../src/state/answerText");
  state = await import("../src/state/answer");
  page = await import("../src/state/page");
});

const named = (code: string, name: string | null, level: string) => ({ id: code, code, name, level });
const link = (name: string, phone: string | null, how = "duty"): ChainLink => ({
  level: "grid",
  role: "grid_leader",
  holder: { name, phone },
  how,
  why: "",
});

const PATH = [
  named("62", "县", "county"),
  named("6210", "东环路社区居民委员会", "village"),
  named("621001", "东环路社区第1网格", "grid"),
];
const CANDIDATE: Candidate = {
  ...named("63200101", null, "group"),
  distanceM: 35,
  above: [named("63", "县", "county"), named("6320", "西环路社区", "village"), named("632001", "第4网格", "grid")],
  responsible: link("李某", "000-0000-0002"),
};
const ASKED: Question = { lon: 103.37563, lat: 34.88253, frame: "gcj02", accuracyM: 100, day: null };
const ANSWER: Answer = {
  revision: 7,
  generation: 1,
  position: { lon: 103.3738, lat: 34.8836 },
  grids: PATH,
  edge: null,
  certain: false,
  candidates: [CANDIDATE],
  chain: [link("张某", "000-0000-0001")],
  mediators: [{ id: "M", name: "王某", phone: null, body: null, distanceM: null, why: "" }],
  nearest: null,
};

test("a coordinate is kept as it came, and each names its frame", () => {
  expect(text.placesOf(ASKED, ANSWER)).toEqual([
    { numbers: "103.37563, 34.88253", frame: "gcj02" },
    { numbers: "103.3738, 34.8836", frame: "wgs84" },
  ]);
  expect(text.placesOf({ ...ASKED, frame: "wgs84" }, ANSWER)).toHaveLength(1);
});

test("what is copied has telephones, frames and candidates in full", () => {
  const copied = text.answerText(ASKED, ANSWER);
  for (const part of [
    "103.37563, 34.88253 (高德、腾讯（GCJ-02）)",
    "103.3738, 34.8836 (GPS（WGS 84）)",
    "张某 000-0000-0001",
    "西环路社区 › 第4网格 group 01：李某 000-0000-0002",
    "王某",
  ])
    expect(copied).toContain(part);
  expect(copied).not.toContain("null");
});

test.each([
  ["000-0000-0001", "tel:00000000001"],
  ["＋86 139 0000 1234（办）", "tel:+8613900001234"],
  ["(0941) 312 2000", "tel:09413122000"],
  ["ask at the office", null],
])("a telephone is dialled as it was noted: %s", (phone, address) => {
  expect(text.dialled(phone)).toBe(address);
});

test("the other order of two numbers is offered where it falls inside", () => {
  const bbox = [103.16, 34.5, 103.87, 35.13] as const;
  expect(state.swappedInside({ ...ASKED, lon: 34.88, lat: 103.37 }, bbox)).toEqual({ lon: 103.37, lat: 34.88 });
  expect(state.swappedInside({ ...ASKED, lon: 34.88, lat: 33.37 }, bbox)).toBeNull();
  expect(state.swappedInside({ ...ASKED, lon: 39.47, lat: 75.99 }, [73.5, 35.5, 79.9, 40.3])).toEqual({
    lon: 75.99,
    lat: 39.47,
  });
});

test("only a mobile telephone is written to", () => {
  expect(text.messaged("138 0013 8000")).toBe("sms:13800138000");
  expect(text.messaged("+86-138-0013-8000")).toBe("sms:+8613800138000");
  for (const other of ["0941-312 2000", "000-0000-0001", "12345", "—"]) expect(text.messaged(other)).toBeNull();
});

test("a week is told by the day it begins, in the reader's words", async () => {
  const { weekText } = await import("../src/state/caption");
  expect(weekText({ week: "2024-W31", from: "2024-07-29" })).toBe("2024-W31 · 7月29日当周");
});

test("a vacant post is told with who takes its place: the level above, and at the top whoever is named for it", async () => {
  const levels = ["county", "grid"].map((code) => ({ code, names: { zh: code, en: code } }));
  page.region.load(async () => ({ names: { zh: "县", en: "county" }, levels, roles: [] }) as unknown as Region);
  await vi.waitFor(() => expect(page.region.value.status).toBe("ready"));
  const vacant = { ...link("刘某", null, "parent"), role: "fallback" };
  expect(text.linkRole(vacant)).toBe("空缺，由上级负责");
  expect(text.linkRole({ ...vacant, level: "county" })).toBe("空缺，由刘某负责");
});
