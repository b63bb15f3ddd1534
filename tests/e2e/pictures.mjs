/** Takes the README's pictures of the page anew: `node pictures.mjs FOLDER`. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { answer, drawn, launch, visit } from "./browser.mjs";
import { houses } from "./fixtures.mjs";
import { loadCounty, serve } from "./server.mjs";

const folder = resolve(process.argv[2] ?? ".");
const at = `at=${houses[20_000].lon},${houses[20_000].lat}`;
const WIDE = { width: 1120, height: 700 };
const PICTURES = [
  { name: "county", query: "/?lang=en", level: "grid", options: WIDE },
  { name: "answer", query: `/?lang=en&level=grid&${at}`, level: "grid", near: 12.2, options: WIDE },
  {
    name: "heat",
    query: "/?lang=zh&view=hotspots&surface=heat&level=village",
    level: "village",
    options: { ...WIDE, theme: "dark" },
  },
  { name: "phone", query: `/?lang=zh&${at}`, level: "grid", near: 12.5, options: { width: 390, height: 844 } },
];

mkdirSync(folder, { recursive: true });
const server = await serve(loadCounty(), "--open");
const browser = await launch();
try {
  for (const { name, query, level, near, options } of PICTURES) {
    const camera = near ? `&map=${houses[20_000].lon},${houses[20_000].lat},${near}` : "";
    await visit(browser, server, query + camera, options, async (page) => {
      await drawn(page, level);
      if (near) await answer(page).locator(".chain").waitFor();
      await page.waitForTimeout(1200);
      await page.mouse.move(4, page.viewportSize().height - 4);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    });
    process.stdout.write(`${name}.png\n`);
  }
} finally {
  await browser.close();
  server.stop();
}
