/** The page on a wall and in the pages of others: it shows its views in turn, says how old they are, and does not grow. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { drawn, objects, visit } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, number } from "./fixtures.mjs";
import { serve } from "./server.mjs";

const here = county();

/** What a page says that is about to be another one. */
const isGone = (error) => assert.match(error.message, /context was destroyed/);
const HOUR_MS = 3_600_000;

test("a wall shows its views in turn, in figures that are read from afar", async () => {
  const wall = { width: 1920, height: 1080 };
  const query = "/?wall=1&lang=en&every=5&views=coverage/township/homes,hotspots/village";
  await here.visit(query, wall, async (page) => {
    await page.locator(".wall strong", { hasText: number(counts.houses) }).waitFor();
    const size = await page.evaluate(() => getComputedStyle(document.querySelector(".wall strong")).fontSize);
    assert.ok(Number.parseFloat(size) >= 72, size);
    assert.match(await page.locator(".wall .as-of").textContent(), /^Data of \d{4}-\d\d-\d\d \d\d:\d\d .* · /);
    await page.locator(".wall h2", { hasText: "Village" }).waitFor();
    assert.match(page.url(), /view=hotspots/);
    assert.match(await page.locator(".wall .clock").innerText(), /^\d\d:\d\d$/);
    assert.equal(await page.locator(".wall .turn").evaluate((one) => getComputedStyle(one).animationDuration), "5s");
    const { weeks, total } = await (
      await page.request.get(`${here.server.url}/api/hotspots?level=village&by=week`)
    ).json();
    const lately = page.locator(".wall dl > div", { hasText: `${weeks.at(-4).week} to ${weeks.at(-1).week}` });
    const sum = (from, to) => total.by_week.slice(from, to).reduce((all, n) => all + n, 0);
    assert.match(await lately.innerText(), new RegExp(`\\n${sum(-4)} before: ${sum(-8, -4)}$`));
    await page.locator(".wall h2", { hasText: "Township" }).waitFor();
    assert.equal(await page.locator(".topbar, .panel").count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight), 1080);
    await page.keyboard.press("f");
    await page.locator(".topbar").waitFor();
    await page.getByRole("button", { name: "wall" }).click();
    await page.locator(".wall strong").first().waitFor();
    // All of the county is framed in the room there is now, as by its own key.
    await page.waitForTimeout(2500);
    const seen = () => new URL(page.url()).searchParams.get("map");
    const framed = seen();
    await page.keyboard.press("0");
    await page.waitForTimeout(500);
    assert.equal(seen(), framed);
    // It fills the screen, and ends with it.
    await page.waitForFunction(() => document.fullscreenElement === document.documentElement);
    await page.evaluate(() => document.exitFullscreen());
    await page.locator(".topbar").waitFor();
    assert.doesNotMatch(page.url(), /wall/);
  });
});

test("a wall begins anew when its server is another version, and nobody else does", async () => {
  for (const [query, expected] of [
    ["/?wall=1", 2],
    ["/", 1],
  ]) {
    let version = "gridmap/1";
    let nOpened = 0;
    const before = async (page) => {
      page.on("load", () => nOpened++);
      await page.route("**/api/**", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), server: version } });
      });
    };
    await here.visit(query, { before }, async (page) => {
      await page.locator(".as-of").waitFor();
      version = "gridmap/2";
      // A page that is looked at again asks at once; a wall may have begun anew by then.
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))).catch(isGone);
      for (let n = 0; n < 100 && nOpened < expected; n++) await page.waitForTimeout(100);
      await page.waitForTimeout(1000);
      assert.equal(nOpened, expected, query);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
});

test("a wall whose server is away keeps its figures, and soon says since when", async () => {
  await here.visit(
    "/?wall=1&lang=en&every=5&views=coverage/township/homes,hotspots/village",
    {},
    async (page) => {
      await drawn(page, "township");
      await page.route("**/api/**", (route) => route.abort());
      await page.locator(".outage", { hasText: /So since \d\d:\d\d\./ }).waitFor({ timeout: 20_000 });
      const title = await page.locator(".wall h2").textContent();
      const figures = await page.locator(".wall dl").innerText();
      await page.waitForTimeout(11_000);
      assert.equal(await page.locator(".wall h2").textContent(), title);
      assert.equal(await page.locator(".wall dl").innerText(), figures);
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.locator(".outage").waitFor({ state: "detached" });
      await page.waitForFunction((before) => document.querySelector(".wall h2").textContent !== before, title);
    },
    /ERR_FAILED/,
  );
});

/** How long each view is shown. */
const TURN_MS = 900_000;

test("a wall does not grow over a day", async () => {
  const before = (page) => page.clock.install();
  const query = "/?wall=1&every=900&views=coverage/township/homes,hotspots/village,coverage/grid/without_leader";
  await here.visit(query, { before }, async (page) => {
    await drawn(page, "township");
    const shown = [];
    const session = await page.context().newCDPSession(page);
    const heaps = [];
    for (let hour = 1; hour <= 24; hour++) {
      for (let ms = 0; ms < HOUR_MS; ms += TURN_MS) {
        await page.clock.fastForward(TURN_MS);
        await page.clock.runFor(200);
        await page.waitForTimeout(50);
        shown.push(await page.locator(".wall h2").textContent());
      }
      if (hour % 6 === 0) heaps.push(await objects(session));
    }
    const said = heaps.map((one) => one.toFixed(2)).join(", ");
    process.stdout.write(`objects after 6, 12, 18 and 24 hours: ${said} MB\n`);
    const nTurns = shown.filter((one, n) => n > 0 && one !== shown[n - 1]).length;
    assert.ok(nTurns > 80 && new Set(shown).size === 3, `${nTurns} turns`);
    assert.ok(heaps[3] < heaps[0] * 1.02, said);
  });
});

test("the map stands in the pages that were named, without the rest of the page", async () => {
  const frames = createServer((request, response) => {
    const map = new URL(request.url, "http://town").searchParams.get("map");
    response.setHeader("content-type", "text/html").end(`<iframe width=800 height=500 src="${map}"></iframe>`);
  });
  await new Promise((resolve) => frames.listen(0, "127.0.0.1", resolve));
  const town = `http://127.0.0.1:${frames.address().port}`;
  const embedding = await serve(here.database, "--open", "--embed-origin", town);
  try {
    const outer = { url: town };
    const at = (server) => `/?map=${encodeURIComponent(`${server.url}/?embed=1&lang=en&level=township`)}`;
    await visit(here.browser, outer, at(embedding), { allowed: [embedding.url] }, async (page) => {
      const map = page.frameLocator("iframe");
      await drawn(map, "township");
      assert.equal(await map.locator(".topbar, .panel").count(), 0);
      const whole = await map.getByRole("link", { name: "Open the whole map" }).getAttribute("href");
      assert.match(whole, /level=township/);
      assert.doesNotMatch(whole, /embed/);
    });
    const refused = async (page) => {
      await page.waitForTimeout(1000);
      assert.equal(await page.frameLocator("iframe").locator(".canvas").count(), 0);
    };
    await visit(
      here.browser,
      outer,
      at(here.server),
      { allowed: [here.server.url] },
      refused,
      /frame-ancestors|ERR_BLOCKED/,
    );
  } finally {
    embedding.stop();
    frames.close();
  }
});
