/** Little room: a page zoomed to 200 and 400 %, and a phone that lies on its side. Nothing lies on another thing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { drawn } from "./browser.mjs";
import { county } from "./county.mjs";

const here = county();

/** What must not lie on another. */
const PARTS = [
  ".topbar",
  ".panel",
  ".switches .choices",
  ".legend",
  ".zoom",
  ".maplibregl-ctrl-scale",
  ".brand",
  ".search",
  ".tools",
];
const WITHIN = new Set([".brand", ".search", ".tools"]);

async function boxes(page) {
  const found = await Promise.all(PARTS.map((part) => page.locator(part).boundingBox()));
  return new Map(PARTS.map((part, n) => [part, found[n]]).filter(([, box]) => box));
}

const meet = (a, b) =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 0.5 &&
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 0.5;

/** The colours of few to many. */
const RAMP = ["e3efed", "c3dfdd", "9accce", "6fb0b8", "478fa0", "286f88", "14506b"];

/** Where the county is on the screen, as it would be seen with nothing over it. */
async function countyBox(page) {
  const over = page.locator(".switches, .legend, .zoom, .panel");
  const see = (visibility) =>
    over.evaluateAll((all, value) => {
      for (const one of all) one.style.visibility = value;
    }, visibility);
  await see("hidden");
  const { width, height, data } = PNG.sync.read(await page.screenshot());
  await see("");
  const [xs, ys] = [[], []];
  for (let at = 0; at < width * height; at++) {
    if (!RAMP.includes(data.toString("hex", 4 * at, 4 * at + 3))) continue;
    xs.push(at % width);
    ys.push(Math.floor(at / width));
  }
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

for (const [width, height, least] of [
  [720, 450, 150],
  [844, 390, 150],
  [667, 375, 130],
  [360, 225, 30],
]) {
  test(`at ${width} x ${height} the county is in view and nothing lies on another thing`, async () => {
    await here.visit("/?lang=zh&theme=light&level=township", { width, height }, async (page) => {
      await drawn(page, "township");
      for (const language of ["zh-CN", "en"]) {
        assert.equal(await page.locator("html").getAttribute("lang"), language);
        const all = await boxes(page);
        for (const [one, box] of all) {
          assert.ok(box.x >= 0 && box.x + box.width <= width + 0.5, `${one} is cut off in ${language}`);
          for (const [other, its] of all) {
            if (one < other && !(other === ".topbar" && WITHIN.has(one)) && !(one === ".topbar" && WITHIN.has(other)))
              assert.ok(!meet(box, its), `${one} lies on ${other} in ${language}`);
          }
        }
        const land = await countyBox(page);
        assert.ok(land.height >= least, `the county is ${land.height} px high`);
        for (const part of [".topbar", ".panel", ".switches .choices", ".legend", ".zoom"]) {
          if (all.has(part)) assert.ok(!meet(land, all.get(part)), `${part} lies on the county in ${language}`);
        }
        await page.keyboard.press("l");
      }
      await page.locator(".legend-title").click();
      await page.locator(".legend .class").first().waitFor();
      const [legend, map] = [await page.locator(".legend").boundingBox(), await page.locator("main.map").boundingBox()];
      assert.ok(legend.y >= map.y && legend.y + legend.height <= height, "an open legend is all in sight");
      await page.locator(".legend-title").click();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });
  });
}
