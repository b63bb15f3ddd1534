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
        await answer(page).getByText("No grid covers this place.").waitFor();
        await page.waitForTimeout(1500);
        assert.equal(await page.locator(".trouble").count(), 0, `${point}, motion ${motion}`);
      });
    }
  }
});
