/** The server is killed at twenty random moments of ten views: once it is back, each page is whole by itself, and soon. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answer, launch, visit } from "./browser.mjs";
import { counts, houses } from "./fixtures.mjs";
import { loadCounty, serveAgain } from "./server.mjs";

/** Within so many milliseconds of the server's return; on a machine that is slow itself, later by what it takes for a page opened anew. */
const WHOLE_MS = 10_000;

/** What is not whole after so long stays as it is. */
const NEVER_MS = 90_000;

/** The longest that a page is on its way before the server goes, and that it is gone. */
const [BEFORE_MS, AWAY_MS] = [3500, 1800];

const home = houses[21_000];
const grid = home.group_code.slice(0, 15);

const rows = (n) => (page) => page.locator(".ranking tbody tr").nth(n).waitFor();
const answered = (page) => answer(page).locator(".chain").waitFor();

/** Ten views: the address, what the reader does there, the level that is drawn, and what else has to be there. */
const VIEWS = [
  { name: "coverage of grids", query: "/?lang=en", level: "grid", whole: rows(20) },
  { name: "coverage of townships", query: "/?level=township", level: "township", whole: rows(counts.townships - 1) },
  { name: "hotspots", query: "/?view=hotspots&level=village", level: "village", whole: rows(20) },
  {
    name: "heat",
    query: "/?view=hotspots&surface=heat",
    level: "grid",
    whole: (page) => page.locator(".weeks").waitFor(),
  },
  { name: "an answer", query: `/?at=${home.lon},${home.lat}`, level: "grid", whole: answered },
  { name: "a past day", query: `/?at=${home.lon},${home.lat}&on=2024-06-01`, level: "grid", whole: answered },
  { name: "what was searched for", query: "/", act: search, level: "group", whole: rows(0) },
  { name: "a township looked into", query: "/?level=township", act: drill, level: "village", whole: rows(2) },
  { name: "weeks that play", query: "/?view=hotspots&level=village", act: play, level: "village", whole: rows(20) },
  { name: "the public's view", query: "/?level=village", level: "village", whole: rows(20), isPublic: true },
];

/** Whatever is not there to act on yet is waited for, also while the server is away. */
async function search(page) {
  await page.locator(".brand h1", { hasText: "县" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText(grid);
  await page.locator(".found > div").first().waitFor();
  await page.keyboard.press("Enter");
}

async function drill(page) {
  const name = await page.locator(".ranking tbody tr .link").first();
  await name.press("Enter");
}

async function play(page) {
  await page.locator(".weeks").waitFor();
  await page.keyboard.press("p");
}

/** The same numbers between 0 and 1 in every run (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const here = {};
before(async () => {
  here.database = loadCounty();
  here.browser = await launch();
});
after(() => here.browser?.close());

async function outlives({ name, query, act = () => undefined, level, whole }, server, next) {
  const [ahead, gone] = [next() * BEFORE_MS, 200 + next() * AWAY_MS];
  const said = `${name}, killed after ${Math.round(ahead)} ms for ${Math.round(gone)} ms`;
  /** The milliseconds until all is there. */
  const untilWhole = async (page, acted) => {
    const since = performance.now();
    await Promise.all([acted, page.locator(`.canvas[data-drawn="${level}"]`).waitFor({ timeout: NEVER_MS })]);
    await whole(page);
    await page.locator(".trouble").waitFor({ state: "detached" });
    await page.locator(".waiting").waitFor({ state: "detached" });
    return Math.round(performance.now() - since);
  };
  const walk = async (page) => {
    await page.locator(".topbar").waitFor();
    const acted = act(page);
    await pause(ahead);
    await server.kill();
    await pause(gone);
    await server.start();
    const took = await untilWhole(page, acted);
    process.stdout.write(`${said}: whole after ${took} ms\n`);
    if (took <= WHOLE_MS) return;
    await page.goto(server.url + query);
    const anew = await untilWhole(page, act(page));
    assert.ok(took <= WHOLE_MS + 2 * anew, `${said}: whole after ${took} ms, and after ${anew} ms when opened anew`);
  };
  await visit(here.browser, server, query, {}, walk, /^Failed to load resource|net::ERR/);
}

/** One lane after another would take twice as long. */
async function lane(views, seed) {
  const next = random(seed);
  for (const isPublic of [false, true]) {
    const mine = views.filter((view) => Boolean(view.isPublic) === isPublic);
    if (mine.length === 0) continue;
    const server = await serveAgain(here.database, ...(isPublic ? [] : ["--open"]));
    try {
      for (const view of mine) for (let n = 0; n < 2; n++) await outlives(view, server, next);
    } finally {
      server.stop();
    }
  }
}

test("whenever the server is killed, each page is whole within ten seconds of its return", async () => {
  await Promise.all([lane(VIEWS.slice(0, 5), 1), lane(VIEWS.slice(5), 2)]);
});
