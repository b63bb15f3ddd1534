/** What goes wrong is told as it is: by whose fault, once, in the reader's language, and with a way on where there is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, drawn } from "./browser.mjs";
import { county } from "./county.mjs";

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
