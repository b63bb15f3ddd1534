/**
 * The page in every dress, compared with pictures that a person has looked at (`references/`).
 *
 * `UPDATE=1 node --test looks.test.mjs` takes them anew: look at each before it is kept. What differs lies in
 * `target/walk/`, beside the picture as it is now.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { answer, drawn, shots } from "./browser.mjs";
import { county } from "./county.mjs";
import { houses } from "./fixtures.mjs";

const here = county();
const references = fileURLToPath(new URL("references/", import.meta.url));

/**
 * How many pixels may differ: fewer than a letter has. None do in the same browser; where another one draws letters otherwise, the
 * pictures are taken anew and looked at.
 */
const MOST_PIXELS = 50;

const at = `at=${houses[20_000].lon},${houses[20_000].lat}`;
const COVERAGE = { query: "level=grid", level: "grid" };
const HOTSPOTS = { query: "view=hotspots&level=village", level: "village" };
const ANSWER = { query: `${at}&accuracy=30&level=village`, level: "village" };

const DRESSES = [
  { lang: "zh", theme: "light", ...COVERAGE },
  { lang: "en", theme: "light", ...HOTSPOTS },
  { lang: "zh", theme: "dark", ...HOTSPOTS },
  { lang: "en", theme: "dark", ...ANSWER },
];

for (const [width, height] of [
  [1280, 800],
  [390, 844],
]) {
  for (const { lang, theme, query, level } of DRESSES) {
    const name = `${width}-${lang}-${theme}`;
    test(`the page looks as it did: ${name}`, async () => {
      await here.visit(`/?lang=${lang}&${query}`, { width, height, theme }, async (page) => {
        await drawn(page, level);
        if (query === ANSWER.query) await answer(page).locator(".chain").waitFor();
        await page.waitForFunction(fontsHere);
        await page.mouse.move(4, height - 4);
        // How old the data are is another text each minute.
        await page.locator(".as-of").evaluateAll((lines) => {
          for (const line of lines) line.style.display = "none";
        });
        await settled(page);
        compare(name, PNG.sync.read(await page.screenshot()));
      });
    });
  }
}

/** Tells in the page whether its fonts are known, and those it needs are here. */
const fontsHere = () =>
  [...document.styleSheets].some(({ href }) => href?.includes("/fonts-")) && document.fonts.status === "loaded";

/** Waits until nothing moves: two pictures in a row are the same. */
async function settled(page) {
  let before = "";
  for (let tries = 0; tries < 20; tries++) {
    await page.waitForTimeout(400);
    const now = (await page.screenshot()).toString("base64");
    if (now === before) return;
    before = now;
  }
}

/** Counts the pixels that differ and draws them into `difference`. */
function differing(before, now, difference) {
  const { width, height } = difference;
  return pixelmatch(before, now, difference.data, width, height, { threshold: 0.1 });
}

test("a letter that is missing would be seen", () => {
  const { width, height, data } = PNG.sync.read(readFileSync(join(references, "1280-en-light.png")));
  const changed = Buffer.from(data);
  // As large as a letter.
  for (let row = 400; row < 412; row++) {
    for (let column = 600; column < 609; column++) {
      const at = 4 * (row * width + column);
      for (let channel = 0; channel < 3; channel++) changed[at + channel] = (changed[at + channel] + 128) % 256;
    }
  }
  assert.ok(differing(data, changed, new PNG({ width, height })) > MOST_PIXELS);
});

function compare(name, now) {
  const reference = join(references, `${name}.png`);
  if (process.env.UPDATE) {
    mkdirSync(references, { recursive: true });
    writeFileSync(reference, PNG.sync.write(now, { colorType: 2 }));
    return;
  }
  assert.ok(existsSync(reference), `${reference} is missing`);
  const { width, height, data } = PNG.sync.read(readFileSync(reference));
  assert.deepEqual([now.width, now.height], [width, height]);
  const difference = new PNG({ width, height });
  const n = differing(data, now.data, difference);
  if (n <= MOST_PIXELS) return;
  writeFileSync(join(shots, `${name}.png`), PNG.sync.write(now));
  writeFileSync(join(shots, `${name}-difference.png`), PNG.sync.write(difference));
  assert.fail(`${n} pixels of ${name} differ (${((100 * n) / (width * height)).toFixed(2)} %): see target/walk/`);
}
