/** Whoever cannot use a pointer, or sees with a screen reader, does the same three tasks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { answer, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { homesByGrid, houses, leaders, toGcj02, whoAnswersAt } from "./fixtures.mjs";

const here = county();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it is. */
async function violations(page) {
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** Tabs on until the focus is where it is wanted. */
async function tabTo(page, selector) {
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`no Tab reaches ${selector}`);
}

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  test(`axe finds nothing at ${width} px, for every task, theme and language`, async () => {
    await here.visit("/?lang=zh&theme=light&level=township", { width, height }, async (page) => {
      await drawn(page, "township");
      await page.evaluate(axe);
      for (const task of ["1", "2", "3"]) {
        await page.keyboard.press(task);
        await drawn(page, "township");
        if (task === "3") await page.locator(".about summary").click();
        for (const _language of ["zh", "en"]) {
          for (const _theme of ["light", "dark"]) {
            const state = `task ${task}, ${await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dataset.theme}`)}`;
            assert.deepEqual(await violations(page), [], state);
            await page.keyboard.press("t");
          }
          await page.keyboard.press("l");
        }
      }
      await page.keyboard.press("?");
      assert.deepEqual(await violations(page), [], "the sheet of keys");
    });
    await here.visit("/?lang=zh&level=township", { width, height }, async (page) => {
      await drawn(page, "township");
      await page.evaluate(axe);
      await page.locator("#search").fill("城关");
      await page.locator(".found [role=option]").first().waitFor();
      assert.deepEqual(await violations(page), [], "what was found");
    });
  });
}

test("axe finds nothing in an answer, or where nothing came", async () => {
  const { lon, lat } = houses[0];
  await here.visit(`/?at=${lon},${lat}&accuracy=30&level=township`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    await page.evaluate(axe);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("t");
    assert.deepEqual(await violations(page), []);
  });
  const before = (page) => page.route("**/api/coverage?*", (route) => route.abort());
  await here.visit(
    "/?level=township",
    { before },
    async (page) => {
      await page.locator(".trouble").waitFor();
      await page.evaluate(axe);
      assert.deepEqual(await violations(page), []);
    },
    /^Failed to load resource/,
  );
});

test("by keyboard alone: over-full grids", async () => {
  const [most] = [...homesByGrid()].sort(([, a], [, b]) => b - a);
  await here.visit("/?lang=en", {}, async (page) => {
    await drawn(page, "grid");
    await tabTo(page, ".card:nth-child(2)");
    await page.keyboard.press("Enter");
    await tabTo(page, ".ranking tbody .link");
    assert.equal(await page.evaluate(() => document.activeElement.closest("tr").dataset.code), most[0]);
    await page.keyboard.press("Enter");
    await page.locator(".breadcrumb [aria-current]").waitFor();
    assert.match(page.url(), new RegExp(`in=${most[0]}`));
    await page.keyboard.press("u");
    await page.waitForURL((url) => !url.search.includes(`in=${most[0]}`));
  });
});

test("by keyboard alone: a hotspot's grid and rate", async () => {
  await here.visit("/?lang=en&level=village", {}, async (page) => {
    await page.keyboard.press("2");
    await page.locator(".ranking tbody tr").first().waitFor();
    await page.keyboard.press("]");
    await drawn(page, "grid");
    await tabTo(page, ".ranking tbody .link");
    await page.keyboard.press("Space");
    await page.locator(".chosen-card").waitFor();
    assert.match(await page.locator(".chosen-card").innerText(), /\d+\.\d\d\s+Incidents per 100 homes · \d+ \/ \d+/);
  });
});

test("by keyboard alone: who answers at a pasted GCJ-02 coordinate", async () => {
  const house = houses[20_000];
  const { lon, lat } = toGcj02(Number(house.lon), Number(house.lat));
  await here.visit("/?level=township", {}, async (page) => {
    await page.locator("#search").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type(`${lat.toFixed(7)}, ${lon.toFixed(7)}`);
    await page.locator(".found [role=option]", { hasText: "GCJ-02" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator(".first .who").textContent(), whoAnswersAt(house).leader);
    assert.match(page.url(), /crs=gcj02/);
  });
});

test("the search finds names and codes, and says when it finds nothing", async () => {
  const { grid_code } = leaders[100];
  await here.visit("/?level=township", {}, async (page) => {
    await drawn(page, "township");
    const box = page.locator("#search");
    await box.fill(grid_code);
    await page.locator(`.found [role=option]`, { hasText: grid_code }).first().waitFor();
    await box.press("Enter");
    await page.waitForURL(new RegExp(`in=${grid_code}`));
    await box.fill("城关");
    await page.locator(".found [role=option]", { hasText: "城关镇" }).first().click();
    await page.locator(".breadcrumb [aria-current]", { hasText: "城关镇" }).waitFor();
    for (const text of ["无此地", "<script>alert(1)</script>", "九".repeat(10_000)]) {
      await box.fill(text);
      await page.locator(".found.none").waitFor();
    }
  });
});

test("no key acts while one types, composes or holds a sheet open", async () => {
  await here.visit("/?level=township", {}, async (page) => {
    await drawn(page, "township");
    const box = page.locator("#search");
    await box.focus();
    await page.keyboard.type("2t?l");
    assert.equal(await box.inputValue(), "2t?l");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.evaluate(() => dispatchEvent(new KeyboardEvent("keydown", { key: "2", isComposing: true })));
    await page.evaluate(() => dispatchEvent(new KeyboardEvent("keydown", { key: "Process" })));
    assert.equal(await page.locator("input[name=task]:checked").inputValue(), "coverage");
    await page.keyboard.press("?");
    await page.locator(".sheet").waitFor();
    assert.equal(await page.locator(".keys dt").count(), 21);
    await page.keyboard.press("Escape");
    await page.locator(".sheet").waitFor({ state: "hidden" });
    await page.keyboard.press("2");
    assert.equal(await page.locator("input[name=task]:checked").inputValue(), "hotspots");
  });
});
