/** Colours that a reader's system imposes: what the map's colours mean, and what is chosen, is still seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { drawn } from "./browser.mjs";
import { county } from "./county.mjs";

const here = county();

/** The colour that most pixels of an element have. */
async function colour(locator) {
  const { width, height, data } = PNG.sync.read(await locator.screenshot());
  const found = new Map();
  for (let at = 0; at < width * height; at++) {
    const one = data.toString("hex", 4 * at, 4 * at + 3);
    found.set(one, (found.get(one) ?? 0) + 1);
  }
  return [...found].sort(([, a], [, b]) => b - a)[0][0];
}

for (const theme of ["light", "dark"]) {
  test(`in forced colours the swatches keep theirs, and what is chosen is marked: ${theme}`, async () => {
    await here.visit(`/?lang=en&level=township&metric=incidents&theme=${theme}`, { theme }, async (page) => {
      await drawn(page, "township");
      const swatches = await page.locator(".legend .swatch").all();
      const colours = () => Promise.all(swatches.map(colour));
      const before = await colours();
      await page.emulateMedia({ forcedColors: "active" });
      assert.deepEqual(await colours(), before);
      assert.ok(new Set(before).size >= 5);
      for (const group of ["task", "level"]) {
        const chosen = page.locator(`input[name=${group}]:checked + span`);
        const other = page.locator(`input[name=${group}]:not(:checked) + span`).first();
        assert.notEqual(await colour(chosen), await colour(other), group);
      }
      const outline = (one) => one.evaluate((card) => getComputedStyle(card).outlineStyle);
      assert.equal(await outline(page.locator('.card[aria-pressed="true"]')), "solid");
      assert.equal(await outline(page.locator('.card[aria-pressed="false"]').first()), "none");
      assert.match(await page.locator(".legend").evaluate((one) => getComputedStyle(one).border), /^1px solid/);
    });
  });
}
