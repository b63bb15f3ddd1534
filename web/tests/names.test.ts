import { expect, test } from "vitest";
import { labelOf, shortName } from "../src/state/names";

test.each([
  ["羊永村民委员会", "羊永村"],
  ["洪家村村民委员会", "洪家村"],
  ["城南社区居民委员会", "城南社区"],
  ["城关镇", "城关镇"],
  ["<b>村</b>村民委员会", "<b>村</b>村"],
])("%s is %s on the map", (name, short) => {
  expect(shortName(name)).toBe(short);
});

test("a label leaves out what its parent says already", () => {
  const grid = { code: "623021100003003", name: "城南社区第3网格", parent: "623021100003" };
  expect(labelOf(grid, "城南社区居民委员会")).toBe("第3网格");
  expect(labelOf(grid, null)).toBe("城南社区第3网格");
  expect(labelOf({ code: "62302110000300301", name: null, parent: "623021100003003" }, null)).toBe("01");
  expect(labelOf({ code: "7", name: null, parent: null }, null)).toBe("7");
});
