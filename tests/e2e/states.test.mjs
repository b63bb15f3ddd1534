/** axe in every state of the page and not only at rest: with all that can be opened open, in both languages and themes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { answer, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { houses } from "./fixtures.mjs";

const here = county();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rows are all alike. */
const WITHIN = { include: [["html"]], exclude: [[".ranking tbody tr:nth-child(n+4)"]] };

/** Every rule up to WCAG 2.2 AA: `target-size` is off by default. On paper there is only contrast. */
const RULES = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
const ON_PAPER = { resultTypes: ["violations"], runOnly: ["color-contrast"] };

async function violations(page, options) {
  const found = await page.evaluate(`axe.run(${JSON.stringify(WITHIN)}, ${JSON.stringify(options)})`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

const esc = (page) => page.keyboard.press("Escape");
const toggled = (selector) => (page) => page.locator(selector).first().click();

/** How each state is entered and left, one after another on one page. */
const STATES = {
  "coverage at rest": {},
  "filters open": { enter: toggled(".counted summary"), leave: toggled(".counted summary") },
  "legend folded": { enter: toggled(".legend-title"), leave: toggled(".legend-title") },
  "own limits of classes": {
    enter: async (page) => {
      await page.locator(".classing summary").click();
      await page.locator(".classing select").first().selectOption("manual");
    },
    leave: toggled(".classing summary"),
  },
  "a class switched off": { enter: toggled(".legend .class"), leave: toggled(".legend > .small") },
  "search open": {
    enter: async (page) => {
      await page.locator("#search").fill("城关");
      await page.locator(".found [role=option]").first().waitFor();
    },
    leave: async (page) => {
      for (let n = 0; n < 2; n++) await page.locator("#search").press("Escape");
    },
  },
  "terms explained": {
    enter: async (page) => {
      await page.locator(".legend .explain").click();
      await page.locator(".terms dt").first().waitFor();
    },
    leave: esc,
  },
  "sheet of keys": { enter: (page) => page.keyboard.press("?"), leave: esc },
  "an area chosen among hotspots": {
    enter: async (page) => {
      await page.keyboard.press("2");
      await page.locator(".ranking tbody .link").first().click();
      await page.locator(".chosen-card").waitFor();
    },
    leave: esc,
  },
  "a week played": {
    enter: async (page) => {
      await page.keyboard.press(".");
      await page.locator("span.played", { hasText: "W" }).waitFor();
    },
    leave: esc,
  },
  "heat map": { enter: (page) => page.keyboard.press("h"), leave: (page) => page.keyboard.press("h") },
  "answer open": {
    enter: async (page) => {
      await page.keyboard.press("3");
      await page.locator("#place").fill(`${houses[0].lon}, ${houses[0].lat}`);
      await page.locator("#place").press("Enter");
      await answer(page).locator(".chain").waitFor();
    },
    leave: (page) => page.keyboard.press("1"),
  },
  paper: {
    enter: async (page) => {
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
    },
    leave: async (page) => {
      await page.emulateMedia({ media: "screen" });
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    },
    options: ON_PAPER,
  },
  wall: {
    enter: async (page) => {
      await page.keyboard.press("f");
      await page.locator(".wall strong").first().waitFor();
    },
    leave: (page) => page.keyboard.press("f"),
  },
  "server away": {
    enter: async (page) => {
      await page.route("**/api/**", (route) => route.abort());
      await page.keyboard.press("]");
      await page.locator(".outage").waitFor();
    },
    leave: (page) => page.unroute("**/api/**"),
  },
};

/** In each state the page is dressed otherwise than in the one before: in the other language, and by turns in the other theme. */
async function every(page, states) {
  await page.evaluate(axe);
  for (const [n, [name, { enter, leave, options = RULES }]] of Object.entries(states).entries()) {
    await enter?.(page);
    const dress = await page.evaluate(
      () => `${document.documentElement.lang} ${document.documentElement.dataset.theme}`,
    );
    assert.deepEqual(await violations(page, options), [], `${name}, ${dress}`);
    // Keys would be text in a field.
    await page.evaluate(() => document.activeElement?.blur());
    await leave?.(page);
    for (const key of n % 2 ? ["l", "t"] : ["l"]) await page.keyboard.press(key);
  }
}

test("axe finds nothing on a wide screen, whatever is open", async () => {
  const walk = async (page) => {
    await drawn(page, "township");
    await every(page, STATES);
  };
  await here.visit("/?lang=zh&theme=light&level=township&metric=incidents", {}, walk, /Failed to load resource/);
});

const ON_PHONE = [
  "coverage at rest",
  "filters open",
  "terms explained",
  "search open",
  "an area chosen among hotspots",
  "answer open",
];

test("axe finds nothing on a phone, upright or on its side, or in another's page", async () => {
  const phone = { width: 390, height: 844 };
  await here.visit("/?lang=zh&theme=dark&level=township", phone, async (page) => {
    await drawn(page, "township");
    await every(page, Object.fromEntries(ON_PHONE.map((name) => [name, STATES[name]])));
    await page.setViewportSize({ width: 844, height: 390 });
    await every(page, { "on its side": {} });
    await page.goto(`${here.server.url}/?embed=1&level=township`);
    await drawn(page, "township");
    await every(page, { "in another's page": {} });
  });
});
