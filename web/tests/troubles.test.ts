// @vitest-environment node
import { expect, test, vi } from "vitest";
import { readProblem } from "../src/api/trouble";

/** What the page says of an answer, in a language. */
async function said(lang: "zh" | "en", status: number, document: object | string) {
  vi.resetModules();
  vi.stubGlobal("location", { search: `?lang=${lang}`, pathname: "/", href: "http://here/", origin: "http://here" });
  const { troubleText, troubleDetail } = await import("../src/state/troubles");
  const body = typeof document === "string" ? document : JSON.stringify(document);
  const trouble = readProblem(new Response(body, { status }), body);
  return [troubleText(trouble), troubleDetail(trouble)];
}

const THEN = {
  type: "/problems/no-ground-then",
  title: "there is no data of that time",
  detail: "no ground was in force then, as known then",
  earliest: "2024-01-01T00:00:00Z",
};
const UNKNOWN_LEVEL = {
  type: "/problems/invalid-parameter",
  title: "the query cannot be understood",
  errors: [{ detail: "no such level", parameter: "level" }],
};

test.each([
  ["zh", 404, THEN, ["在 2024-01-01 之前没有数据。", ""]],
  ["en", 404, THEN, ["There is no data before 2024-01-01.", ""]],
  ["zh", 400, UNKNOWN_LEVEL, ["地址中有无法理解的参数。", "level"]],
  ["zh", 403, { type: "/problems/of-tomorrow", title: "something new" }, ["服务器没有接受这个请求。", ""]],
  [
    "en",
    403,
    { type: "/problems/of-tomorrow", title: "something new" },
    ["This request was not accepted.", "something new"],
  ],
  ["zh", 404, "<h1>Not Found</h1>", ["服务器没有接受这个请求。", ""]],
] as const)("in %s a %i is said in the reader's words", async (lang, status, document, words) => {
  expect(await said(lang, status, document)).toEqual(words);
});

test("no code of the server is without a sentence in either language", async () => {
  const schema = (await import("node:fs")).readFileSync(new URL("../src/api/schema.ts", import.meta.url), "utf8");
  const codes = new Set([...schema.matchAll(/"\/problems\/([\w-]+)"/g)].map(([, code]) => code));
  expect(codes.size).toBeGreaterThan(20);
  const [{ en }, { zh }] = [await import("../src/i18n/en"), await import("../src/i18n/zh")];
  for (const dictionary of [en, zh]) for (const code of codes) expect(dictionary).toHaveProperty([`problem_${code}`]);
});
