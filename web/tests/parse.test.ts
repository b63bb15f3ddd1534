import { expect, test } from "vitest";
import { listOf, Malformed, mapOf, number, object, orElse, orNull, text } from "../src/api/parse";

type Area = { code: string; areaM2: number | null; roles: string[]; shares: Record<string, number> };

const read = object<Area>({
  code: text,
  areaM2: orNull(number),
  roles: orElse(listOf(text), []),
  shares: mapOf(number),
});

test("an object is read field by field, by the API's names, and nothing else of it", () => {
  const json = { code: "1", area_m2: 2.5, roles: ["leader"], shares: { homes: 1 }, more: true };
  expect(read(json, "area")).toEqual({ code: "1", areaM2: 2.5, roles: ["leader"], shares: { homes: 1 } });
});

test("what may be absent is read as such", () => {
  expect(read({ code: "1", shares: {} }, "area")).toEqual({ code: "1", areaM2: null, roles: [], shares: {} });
});

test.each([
  [{ shares: {} }, "area.code", "a text"],
  [{ code: "1", area_m2: "2", shares: {} }, "area.area_m2", "a number"],
  [{ code: "1", roles: [7], shares: {} }, "area.roles[0]", "a text"],
  [{ code: "1", shares: { homes: null } }, "area.shares.homes", "a number"],
  [{ code: "1" }, "area.shares", "an object"],
  [[], "area", "an object"],
])("%j is refused at %s, which is not %s", (json, where, expected) => {
  expect(() => read(json, "area")).toThrow(new Malformed(where, expected));
});
