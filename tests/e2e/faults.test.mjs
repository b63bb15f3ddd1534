/** What goes wrong is told as it is: by whose fault, once, in the reader's language, and with a way on where there is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, drawn, visit } from "./browser.mjs";
import { county } from "./county.mjs";
import { emptyDatabase, importCounty, serve } from "./server.mjs";

const here = county();

test("a far point is answered without any fault, however the map gets there", async () => {
  for (const motion of ["no-preference", "reduce"]) {
    for (const point of ["0 0", "34.8836 34.9"]) {
      await here.visit("/?view=locate&lang=en", { motion }, async (page) => {
        await drawn(page, "grid");
        await page.locator("#place").fill(point);
        await page.keyboard.press("Enter");
        await answer(page).getByText("This place is not in Lintan County.").waitFor();
        await page.waitForTimeout(1500);
        assert.equal(await page.locator(".trouble").count(), 0, `${point}, motion ${motion}`);
      });
    }
  }
});

test("a day before there was data is no fault, and nothing of it is in another language", async () => {
  await here.visit(
    "/?at=103.3816,34.8866&on=2020-01-01",
    {},
    async (page) => {
      await page.locator(".answer", { hasText: "在 2024-01-01 之前没有数据" }).waitFor();
      assert.equal(await page.locator(".trouble").count(), 0);
      assert.doesNotMatch(await page.locator(".answer").textContent(), /[a-z]{3,}/i);
    },
    /^Failed to load resource/,
  );
});

test("what is refused is said in the reader's language, without a button that cannot help", async () => {
  const problem = { type: "/problems/invalid-parameter", errors: [{ detail: "no such level", parameter: "level" }] };
  const before = (page) =>
    page.route("**/api/coverage?*", (route) =>
      route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
  await here.visit(
    "/?level=township",
    { before },
    async (page) => {
      await page.locator(".panel .trouble", { hasText: "地址中有无法理解的参数。" }).waitFor();
      assert.equal(await page.locator(".trouble").count(), 1);
      assert.equal(await page.locator(".trouble button").count(), 0);
      assert.doesNotMatch(await page.locator(".trouble").textContent(), /such/);
    },
    /^Failed to load resource/,
  );
});

test("while the map is on its way it says so, and then no more", async () => {
  let isSlow = true;
  const before = (page) =>
    page.route("**/tiles/WebMercatorQuad/*/*/*", async (route) => {
      while (isSlow) await new Promise((resolve) => setTimeout(resolve, 100));
      await route.continue();
    });
  await here.visit("/?level=township&lang=en", { before }, async (page) => {
    await page.locator(".map-waiting", { hasText: "The map is loading" }).waitFor();
    await page.locator(".ranking tbody tr").first().waitFor();
    assert.ok(await page.locator(".map-waiting").isVisible(), "also when the figures are here already");
    isSlow = false;
    await drawn(page, "township");
    await page.locator(".map-waiting").waitFor({ state: "detached" });
  });
});

test("a newer revision is seen by itself: figures, ranking and the day of the data", async () => {
  let isNewer = false;
  const newer = (change) => async (route) => {
    const response = await route.fetch({ headers: { ...route.request().headers(), "if-none-match": "" } });
    const told = await response.json();
    await route.fulfill({ response, json: isNewer ? { ...told, revision: told.revision + 1, ...change(told) } : told });
  };
  const more = ({ figures: { homes, ...figures }, ...row }) => ({
    ...row,
    figures: { ...figures, homes: { ...homes, numerator: homes.numerator + 777_000 } },
  });
  const before = async (page) => {
    await page.route(
      "**/api/region",
      newer(() => ({ committed: "2031-05-06T00:00:00Z" })),
    );
    await page.route(
      "**/api/coverage?*",
      newer(({ total, rows }) => ({ total: more(total), rows: rows.map(more) })),
    );
  };
  await here.visit("/?level=township&lang=en", { before }, async (page) => {
    await drawn(page, "township");
    const parts = [".card", ".ranking td.value", ".as-of"].map((one) => page.locator(one).first());
    const [revision] = /(?<=revision )\d+/.exec(await parts[2].innerText());
    isNewer = true;
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    const said = ["827,000", /^\s*78\d,\d{3}/, `2031-05-06 08:00 (revision ${Number(revision) + 1}`];
    for (const [n, text] of said.entries()) await parts[n].filter({ hasText: text }).waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
});

test("a server without data says what to do, as no fault, and shows the county as soon as it is there", async () => {
  const database = emptyDatabase();
  const empty = await serve(database, "--open");
  try {
    const expected = /^Failed to load resource/;
    const chinese = async (page) => page.getByText("还没有导入数据。").waitFor();
    await visit(here.browser, empty, "/", {}, chinese, expected);
    const walk = async (page) => {
      await page.getByText("Nothing has been imported yet.").waitFor();
      assert.equal(await page.locator(".trouble").count(), 0);
      importCounty(database);
      await page.locator(".ranking tbody tr").first().waitFor();
      await drawn(page, "grid");
      assert.equal(await page.getByText("Nothing has been imported yet.").count(), 0);
    };
    await visit(here.browser, empty, "/?lang=en", {}, walk, expected);
  } finally {
    empty.stop();
  }
});
