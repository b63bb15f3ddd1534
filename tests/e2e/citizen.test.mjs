/** A citizen's phone, on a server that is not open: one press, then the answer; and nobody's telephone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { houses, leaders, whoAnswersAt } from "./fixtures.mjs";

// Any option but `--open`.
const here = county("--allow-origin", "none");
const house = houses[30_000];

/** A phone that stands before the house and says so. */
const standing = async (page) => {
  await page.context().grantPermissions(["geolocation"]);
  const at = { latitude: Number(house.lat), longitude: Number(house.lon), accuracy: 20 };
  await page.context().setGeolocation(at);
};

for (const [width, height] of [
  [390, 844],
  [320, 640],
]) {
  test(`the first view on a phone of ${width} px is one large button, and then the answer`, async () => {
    await here.visit("/", { width, height, before: standing }, async (page) => {
      const button = page.locator(".which-grid", { hasText: "我在哪个网格" });
      await button.waitFor();
      const { y, height: tall, width: wide } = await button.boundingBox();
      assert.ok(tall >= 56 && wide > width * 0.8 && y + tall < height, `${wide} x ${tall} at ${y}`);
      await button.click();
      await answer(page).locator(".path").waitFor();
      assert.equal(await page.locator(".path .code").last().textContent(), house.group_code);
      assert.equal(await page.locator(".first .who").textContent(), whoAnswersAt(house).leader);
      await drawn(page, "grid");
      // The map is where one stands, too; that is written down with the next move.
      await page.locator(".canvas canvas").focus();
      for (const key of ["+", "-"]) await page.keyboard.press(key);
      await page.waitForURL((url) => {
        const [lon, lat, zoom] = (url.searchParams.get("map") ?? "").split(",").map(Number);
        return zoom > 11 && Math.hypot(lon - house.lon, lat - house.lat) < 0.02;
      });
      assert.equal(await page.locator(".tooltip, .which-grid, a[href^='tel:']").count(), 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    });
  });
}

test("a phone that lies on its side has the button too, and the answer in sight", async () => {
  await here.visit("/", { width: 844, height: 390, touch: true, before: standing }, async (page) => {
    await page.locator(".which-grid").click();
    await answer(page).locator(".path").waitFor();
    const { y, height } = await page.locator(".first .who").boundingBox();
    assert.ok(y >= 0 && y + height <= 390, `${y}`);
  });
});

test("a map that is as low without being a telephone shows its figures", async () => {
  for (const query of ["/?embed=1&level=township", "/?level=township"]) {
    await here.visit(query, { width: 800, height: 450 }, async (page) => {
      await drawn(page, "township");
      await page.locator(".legend").waitFor();
    });
  }
});

test("a finger on the map leaves no bubble, and goes to what it touched", async () => {
  await here.visit("/", { width: 390, height: 844 }, async (page) => {
    await drawn(page, "grid");
    const { x, y, width, height } = await page.locator(".canvas").boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
    await answer(page).locator(".path").waitFor();
    await page.waitForURL((url) => Number(url.searchParams.get("map")?.split(",")[2]) > 11);
    assert.equal(await page.locator(".tooltip").count(), 0);
  });
});

test("the public finds places and no person", async () => {
  await here.visit("/?lang=en", { width: 390, height: 844 }, async (page) => {
    await page.locator(".which-grid").waitFor();
    const [leader] = leaders;
    for (const text of [leader.name, leader.phone, leader.worker_id]) {
      await page.locator("#search").fill(text);
      await page.locator(".found.none", { hasText: "Nothing of that name" }).waitFor();
    }
    await page.locator("#search").fill("cgz");
    await page.locator("#found [role=option]", { hasText: "城关镇" }).first().waitFor();
  });
});
