/** The description of the API for people. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { county } from "./county.mjs";

const here = county();

test("a browser that opens /api can read what there is to ask, and tries it", async () => {
  await here.visit("/api", { width: 1280, height: 900 }, async (page) => {
    for (const words of ["How well the grids of one level cover their parent", "The region: levels, roles, totals"]) {
      await page.getByText(words).first().waitFor();
    }
    const asked = page.waitForResponse((response) => response.url().endsWith("/api/region"));
    await page.getByText("The region: levels, roles, totals").first().click();
    await page
      .getByRole("button", { name: /execute|try/i })
      .first()
      .click();
    assert.equal((await asked).status(), 200);
  });
});
