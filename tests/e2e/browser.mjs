/** Debian's Chromium, watched: an error in the console or a request that leaves the server fails the walk. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

/**
 * What this browser would do for a person at its address field: two pages of its own for every window, which keep a
 * processor busy for half a second, just while ours is opened. Such a list counts only once, so those that Playwright
 * turns off and that matter here are in it too.
 */
const NOT_WANTED = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AimEnabled",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
];

const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-swiftshader",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-gpu",
  `--disable-features=${NOT_WANTED.join(",")}`,
];

/** What does not come within this many milliseconds, on the slowest machine, does not come. */
const LIMIT = 60_000;

export const shots = fileURLToPath(new URL("../../target/walk/", import.meta.url));
mkdirSync(shots, { recursive: true });

export function launch(...more) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...FLAGS, ...more] });
}

/**
 * Opens the page and runs `walk` on it; afterwards nothing may have gone wrong unseen.
 *
 * `expected` names the console errors that belong to the story (a server that is made to fail).
 */
export async function visit(browser, server, query, options, walk, expected = /^$/) {
  const {
    width = 1280,
    height = 800,
    theme = "light",
    locale = "zh-CN",
    motion = "reduce",
    allowed = [],
    touch = false,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale,
    reducedMotion: motion,
    hasTouch: touch,
  });
  context.setDefaultTimeout(LIMIT);
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text())) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`page: ${error.message}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.url && !allowed.includes(origin) && protocol !== "blob:")
      wrong.push(`foreign request: ${request.url()}`);
  });
  try {
    if (options.before) await options.before(page);
    await page.goto(server.url + query);
    await walk(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

/** Waits until the map shows all of a level. */
export async function drawn(page, level) {
  await page.locator(`.canvas[data-drawn="${level}"]`).waitFor({ timeout: LIMIT });
}

/** Clicks the middle of the map. */
export async function clickMiddle(page) {
  const box = await page.locator(".canvas").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** The pixels that a rule takes, by colour and how far east of the middle of the map they are, as soon as they are `least` and twice the same. */
export async function pixels(page, least, takes) {
  let before = "";
  for (const until = Date.now() + LIMIT; Date.now() < until; ) {
    const { width, height, data } = PNG.sync.read(await page.locator(".canvas").screenshot());
    const found = [];
    for (let at = 0; at < width * height; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      if (takes(...data.subarray(at * 4, at * 4 + 3), x - width / 2)) found.push([x, y]);
    }
    if (found.length >= least && String(found) === before) return { width, height, found };
    before = String(found);
  }
  throw new Error(`the map does not come to rest with ${least} such pixels`);
}

/** The answer once it is there and not being asked for anew. */
export function answer(page) {
  return page.locator('.answer[aria-busy="false"]');
}

/**
 * What is left of the page's objects after a collection, in MB. The machine code that the engine makes of functions that
 * run often, and its own lists of it, are no part of it: they come and go by half a megabyte, and
 * `Runtime.getHeapUsage` counts them in.
 */
export async function objects(session) {
  const chunks = [];
  const keep = ({ chunk }) => chunks.push(chunk);
  await session.send("HeapProfiler.collectGarbage");
  session.on("HeapProfiler.addHeapSnapshotChunk", keep);
  await session.send("HeapProfiler.takeHeapSnapshot");
  session.off("HeapProfiler.addHeapSnapshotChunk", keep);
  const { snapshot, nodes } = JSON.parse(chunks.join(""));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length)
    if (!["code", "hidden"].includes(types[0][nodes[at + type]])) bytes += nodes[at + size];
  return bytes / 1e6;
}
