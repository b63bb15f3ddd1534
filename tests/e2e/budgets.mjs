/**
 * What the page costs, beside an empty MapLibre page in the same run: `node budgets.mjs` prints every figure with its
 * budget and ends with 1 when one is over.
 *
 * Sizes and heaps are held to. What depends on the machine is printed beside its budget and fails only far beyond it,
 * as each line says.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { launch, objects } from "./browser.mjs";
import { loadLarge } from "./large.mjs";
import { loadCounty, serve } from "./server.mjs";

const GENEROUS = 4;
const RUNS = Number(process.env.RUNS ?? 9);
const ROUNDS = 13;
const SWEEPS = 3;
const MB = 1e6;

const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
let failed = false;

/** Prints one figure; `slack` is how many times its budget it may be. */
function hold(name, value, budget, unit, slack = 1) {
  failed ||= value > budget * slack;
  const said = value > budget ? `OVER, fails over ${budget * slack}` : "ok";
  process.stdout.write(`${name} | ${Number(value.toFixed(2))} ${unit} | at most ${budget} ${unit} | ${said}\n`);
}

const gzipped = (file) => gzipSync(readFileSync(join(dist, "assets", file)), { level: 9 }).length;

/** Scripts with those that they import before they run. */
function withImports(files) {
  const all = new Set(files);
  for (const file of all) {
    const text = readFileSync(join(dist, "assets", file), "utf8");
    for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) all.add(name);
  }
  return [...all];
}

function sizes() {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const scripts = readdirSync(join(dist, "assets")).filter((file) => file.endsWith(".js"));
  // The map's code is named there too, so that it comes early; the page does not wait for it.
  const shell = withImports(scripts.filter((file) => html.includes(`src="./assets/${file}"`)));
  if (shell.length === 0) throw new Error("index.html names no script");
  // What a panel or an export asks for when it is opened is no part of the first view.
  const worker = scripts.filter((file) => file.startsWith("maplibre-gl-worker"));
  const first = [...withImports(scripts.filter((file) => html.includes(`/assets/${file}"`))), ...worker];
  if (worker.length !== 1 || first.length < 3) throw new Error("the map's code is not named in index.html");
  const kilobytes = (files) => [...files].reduce((sum, file) => sum + gzipped(file), 0) / 1000;
  hold("JS before the map, gzipped", kilobytes(shell), 60, "kB");
  hold("JS of the first map view, gzipped", kilobytes(new Set([...shell, ...first])), 520, "kB");
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };

const EMPTY = `<!doctype html><p>map</p><div id="map"></div><script type="module">
import { Map, setWorkerUrl } from "/maplibre/maplibre-gl.mjs";
setWorkerUrl("/maplibre/maplibre-gl-worker.mjs");
const container = document.getElementById("map");
container.style.cssText = "position:absolute;inset:60px 0 0 408px";
const map = new Map({ container, style: { version: 8, sources: {}, layers: [] } });
map.once("idle", () => requestAnimationFrame(() => setTimeout(() => {
  document.body.dataset.drawn = performance.now();
})));
</script>`;

/**
 * Serves the page at `/` and an empty MapLibre page at `/empty`, both as plain files. Answers of the API are those of
 * `server`, asked for once and then given again: it is the page that is measured, not a server built for debugging.
 */
async function stage(server) {
  const modules = fileURLToPath(new URL("../../web/node_modules/maplibre-gl/dist/", import.meta.url));
  const answers = new Map();
  const answer = async (url) => {
    const response = await fetch(server.url + url);
    const type = response.headers.get("content-type") ?? "";
    return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) };
  };
  const file = (folder, name) => ({
    status: 200,
    type: TYPES[extname(name)] ?? "",
    body: readFileSync(join(folder, name)),
  });
  const give = async (url) => {
    if (url === "/") return file(dist, "index.html");
    if (url === "/empty") return { status: 200, type: "text/html", body: EMPTY };
    if (url.startsWith("/maplibre/")) return file(modules, url.slice("/maplibre/".length));
    if (!url.startsWith("/api")) return file(dist, url.slice(1));
    if (!answers.has(url)) answers.set(url, answer(url));
    return answers.get(url);
  };
  const here = createServer(async (request, response) => {
    // Whatever is not there, a browser's wish for an icon say, is a plain 404.
    const { status, type, body } = await give(request.url).catch(() => ({ status: 404, type: "text/plain", body: "" }));
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise((resolve) => here.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${here.address().port}`, stop: () => here.close() };
}

const firstPaint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

/** Notes in `pageAt` when the page took the place of the line that stands there before its code is run. */
function notePage() {
  const seen = new MutationObserver(() => {
    const root = document.getElementById("page");
    if (!root || root.querySelector(".starting") || root.childElementCount === 0) return;
    window.pageAt = performance.now();
    seen.disconnect();
  });
  seen.observe(document, { childList: true, subtree: true });
}

/** Opens an address in a fresh context; gives milliseconds to the first paint and to `drawn`. */
async function open(browser, url, drawn) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.addInitScript(notePage);
  await page.goto(url);
  const at = await drawn(page);
  const [paint, pageAt] = await page.evaluate(`[${firstPaint}, window.pageAt]`);
  return { page, context, at, paint, isPage: paint > pageAt };
}

/**
 * Waits for all that a level's map shows, with names and lines, and gives when its areas were seen: every one in sight in
 * the colour of its figure. Both pages note when such a frame was on the screen, the empty one that of its background.
 */
const mapDrawn = (level) => async (page) => {
  await page.locator(`.canvas[data-drawn="${level}"]`).waitFor({ timeout: 120_000 });
  return Number(await page.locator(".canvas").getAttribute("data-coloured"));
};
const emptyDrawn = async (page) => {
  await page.locator("body[data-drawn]").waitFor({ timeout: 60_000 });
  return Number(await page.locator("body").getAttribute("data-drawn"));
};

/** The middle one: a single lucky run of either page would decide the least of them. */
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];

async function ratios(browser, { url }) {
  const pages = [
    { path: "/", drawn: mapDrawn("grid"), opened: [] },
    { path: "/empty", drawn: emptyDrawn, opened: [] },
  ];
  for (let run = 0; run < RUNS; run++) {
    for (const { path, drawn, opened } of pages) {
      const { context, at, paint, isPage } = await open(browser, url + path, drawn);
      opened.push({ at, paint, isPage });
      await context.close();
    }
  }
  const compare = (name, time) => {
    const [ours, empty] = pages.map(({ opened }) => opened.map(time));
    const said = (of) => `${Math.round(of(ours))} ms against ${Math.round(of(empty))} ms`;
    const least = said((all) => Math.min(...all));
    hold(`${name} (${said(median)}; at least ${least})`, median(ours) / median(empty), 2.5, "x", GENEROUS);
  };
  // Where the code comes within the first frame, that is the whole page; else the line that stands there before. So it has
  // two values, of which a run has more of one or of the other.
  const nPages = pages[0].opened.filter(({ isPage }) => isPage).length;
  compare(`first contentful paint, ${nPages} of ${RUNS} of the page itself`, ({ paint }) => paint);
  compare("770 grids drawn", ({ at }) => at);
}

/** What is left of the page's objects after a collection, in MB. */
async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / MB;
}

/** How long the page is busy with one move of the pointer, at the 95th of 100, in the best of a few sweeps. */
async function hits(page) {
  const sweeps = [];
  for (let n = 0; n < SWEEPS; n++) sweeps.push(await sweep(page));
  return Math.min(...sweeps);
}

/** Moves the pointer over the map: the page finds what is hit before it answers. */
async function sweep(page) {
  const times = await page.evaluate(() => {
    const canvas = document.querySelector(".canvas canvas");
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return Array.from({ length: 300 }, (_, n) => {
      const [clientX, clientY] = [
        left + width * (0.25 + (n % 20) / 40),
        top + height * (0.25 + Math.floor(n / 20) / 30),
      ];
      const started = performance.now();
      canvas.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true }));
      return performance.now() - started;
    });
  });
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
}

async function county(browser, ours) {
  const { page, context } = await open(browser, `${ours.url}/`, mapDrawn("grid"));
  hold("hit test, 95th of 100", await hits(page), 5, "ms", GENEROUS);
  hold("heap at 770 grids", await heap(page), 60, "MB");
  await growth(page);
  await context.close();
}

/** The views that are changed between, by their keys, and the level each shows. */
const VIEWS = [
  ["2", "grid"],
  ["]", "group"],
  ["[", "grid"],
  ["1", "grid"],
];

/** How the page's objects grow by view changes, once everything that the views show was fetched and drawn. */
async function growth(page) {
  for (let n = 0; n < 2; n++) {
    for (const [key, level] of VIEWS) {
      await page.keyboard.press(key);
      await mapDrawn(level)(page);
      if (key === "2") await page.locator(".weeks").waitFor();
    }
  }
  const session = await page.context().newCDPSession(page);
  const before = await objects(session);
  for (let n = 0; n < ROUNDS; n++) for (const [key] of VIEWS) await page.keyboard.press(key);
  await mapDrawn("grid")(page);
  const after = await objects(session);
  const said = `${before.toFixed(2)} to ${after.toFixed(2)} MB`;
  hold(`objects after ${4 * ROUNDS} view changes, over before (${said})`, after / before, 1.05, "x");
}

async function large(browser) {
  const server = await serve(loadLarge(100), "--open");
  const { page, context, at } = await open(browser, `${server.url}/?metric=without_leader`, mapDrawn("grid"));
  process.stdout.write(`10,000 grids drawn after ${Math.round(at)} ms (by the debug server)\n`);
  hold("heap at 10,000 grids", await heap(page), 150, "MB");
  hold("hit test at 10,000 grids, 95th of 100", await hits(page), 5, "ms", GENEROUS);
  await context.close();
  server.stop();
}

sizes();
const browser = await launch();
const ours = await serve(loadCounty(), "--open");
const both = await stage(ours);
try {
  await ratios(browser, both);
  await county(browser, ours);
  await large(browser);
} finally {
  await browser.close();
  ours.stop();
  both.stop();
}
process.exitCode = failed ? 1 : 0;
