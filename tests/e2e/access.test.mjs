/** Whoever cannot use a pointer, or sees with a screen reader, does the same three tasks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { answer, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { disputes, homesByGrid, houses, leaders, toGcj02, whoAnswersAt } from "./fixtures.mjs";

const here = county();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page as it is, by some of its rules or by all. */
async function violations(page, runOnly) {
  const options = { resultTypes: ["violations"], ...(runOnly ? { runOnly } : {}) };
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
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

/** Every rule in every state is the matter of `states`; colours change with theme and width alone. */
for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  test(`every colour can be read at ${width} px, in each task, theme and language`, async () => {
    await here.visit("/?lang=zh&theme=light&level=township", { width, height }, async (page) => {
      await drawn(page, "township");
      await page.evaluate(axe);
      for (const task of ["1", "2", "3"]) {
        await page.keyboard.press(task);
        await drawn(page, "township");
        if (task === "3") await page.locator(".about summary").click();
        for (const language of ["zh", "en"]) {
          for (const theme of ["light", "dark"]) {
            assert.deepEqual(await violations(page, ["color-contrast"]), [], `task ${task}, ${language}, ${theme}`);
            await page.keyboard.press("t");
          }
          await page.keyboard.press("l");
        }
      }
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

test("by keyboard alone: past everything to the map, where a cross-hair shows what Enter takes, and to the table", async () => {
  await here.visit("/?lang=en&level=township", {}, async (page) => {
    await drawn(page, "township");
    const isCrossed = () =>
      page.locator(".canvas").evaluate((map) => getComputedStyle(map, "::after").content !== "none");
    assert.equal(await isCrossed(), false);
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    assert.equal(await focused.innerText(), "Skip to the map");
    const { x, y } = await focused.boundingBox();
    assert.ok(x >= 0 && y >= 0, "a skip link with the focus is seen");
    await page.keyboard.press("Enter");
    assert.equal(await isCrossed(), true);
    await page.keyboard.press("Enter");
    await page.waitForURL(/in=\d+/);
    await drawn(page, "village");
    await page.reload();
    await drawn(page, "village");
    for (const _step of ["map", "table"]) await page.keyboard.press("Tab");
    assert.equal(await focused.innerText(), "Skip to the table");
    await page.keyboard.press("Enter");
    assert.equal(await focused.evaluate((one) => one.matches(".ranking .head")), true);
    assert.equal(await isCrossed(), false);
  });
});

test("by keyboard alone: the weeks that are counted", async () => {
  await here.visit("/?view=hotspots&lang=en&level=township", {}, async (page) => {
    await drawn(page, "township");
    await tabTo(page, ".week-sliders input");
    const slider = page.locator(":focus");
    assert.equal(await slider.evaluate((one) => getComputedStyle(one).opacity), "1");
    assert.equal(await slider.getAttribute("aria-label"), "First week");
    for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight");
    assert.match(await slider.getAttribute("aria-valuetext"), /^2024-W04/);
    await page.keyboard.press("Tab");
    for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/from=2024-01-22&to=2024-12-\d\d/);
    const { searchParams } = new URL(page.url());
    const [from, to] = [searchParams.get("from"), `${searchParams.get("to")}T99`];
    const n = disputes.filter(({ reported_at }) => reported_at >= from && reported_at < to).length;
    await page.locator(".total strong", { hasText: new RegExp(`^${n}$`) }).waitFor();
    // The last week is never before the first.
    await page.keyboard.press("Home");
    assert.match(await slider.getAttribute("aria-valuetext"), /^2024-W04/);
    assert.equal(await slider.inputValue(), "3");
    await page.keyboard.press("End");
    await page.waitForURL((url) => !url.search.includes("to="));
  });
});

test("what a figure or term means is said where it stands, by keyboard and by finger, and fetched only then", async () => {
  const fetched = [];
  const before = (page) => page.on("request", (request) => fetched.push(request.url()));
  await here.visit("/?lang=en&level=township", { before }, async (page) => {
    await drawn(page, "township");
    const sheet = page.locator(".terms");
    assert.equal(fetched.filter((url) => /\/Terms-/.test(url)).length, 0);
    await tabTo(page, ".stack > .explain");
    await page.keyboard.press("Enter");
    await sheet.locator("dt").first().waitFor();
    const explained = await sheet.innerText();
    for (const name of await page.locator(".card-name").evaluateAll((all) => all.map((one) => one.firstChild.data))) {
      if (name !== "Homes") assert.ok(explained.includes(name), `${name} in ${explained}`);
    }
    assert.match(explained, /Count: incidents resolved \/ Out of: incidents reported/);
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Close");
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    assert.equal(await page.locator(":focus").evaluate((one) => one.matches(".stack > .explain")), true);
    for (const [where, term] of [
      [".legend .explain", "Equal counts"],
      [".ranking .explain", "Ranking"],
    ]) {
      await page.locator(where).click();
      await sheet.locator("dt", { hasText: term }).waitFor();
    }
    await page.mouse.click(640, 4);
    await sheet.waitFor({ state: "hidden" });
  });
  const { lon, lat } = houses[0];
  await here.visit(`/?at=${lon},${lat}&level=township`, { width: 390, height: 844 }, async (page) => {
    await answer(page).locator(".certainty .explain").click();
    await page.locator(".terms dt", { hasText: "责任链" }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await page.locator(".terms .close").click();
    await page.locator(".terms").waitFor({ state: "hidden" });
  });
});

test("the hint for the first time lies over nothing, is not beside an answer, and goes away for good", async () => {
  await here.visit("/?level=township", {}, async (page) => {
    const hint = page.locator(".first-hint");
    await hint.waitFor();
    await drawn(page, "township");
    const box = await hint.boundingBox();
    const covered = await page.evaluate(
      ({ x, y, width, height }) => document.elementFromPoint(x + width / 2, y + height / 2).closest(".panel") !== null,
      box,
    );
    assert.ok(covered);
    const { lon, lat } = houses[0];
    await page.goto(`${page.url().split("?")[0]}?at=${lon},${lat}`);
    await answer(page).locator(".chain").waitFor();
    assert.equal(await hint.count(), 0);
    await page.locator(".answer .close").click();
    await hint.getByRole("button").click();
    await hint.waitFor({ state: "detached" });
    await page.reload();
    await page.locator(".card").first().waitFor();
    assert.equal(await hint.count(), 0);
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
