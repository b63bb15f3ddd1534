/** The planner's task: where are grids over-full, and what else is wrong with the ground. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clickMiddle, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, homesByGrid, houses, number } from "./fixtures.mjs";

const LEVELS = { township: counts.townships, village: counts.villages, grid: counts.grids, group: counts.groups };
const here = county();

const card = (page, name) => page.locator(".card", { hasText: name });
const rows = (page) => page.locator(".ranking tbody tr");

test("over-full grids are found in one click, and are those of the files", async () => {
  const homes = homesByGrid();
  const overfull = [...homes].filter(([, n]) => n > 120).sort(([, a], [, b]) => b - a);
  await here.visit("/", {}, async (page) => {
    await drawn(page, "grid");
    assert.equal(await page.locator("h1").textContent(), "临潭县");
    assert.match(await card(page, "户数超上限").innerText(), new RegExp(`${overfull.length}\\s*/ 770 网格`));
    await card(page, "户数超上限").click();
    await page.locator(".ranking h2", { hasText: `${overfull.length} / 770` }).waitFor();
    const [code, n] = overfull[0];
    assert.equal(await rows(page).first().getAttribute("data-code"), code);
    assert.match(await rows(page).first().innerText(), new RegExp(`\\b${n}\\b`));
    assert.match(page.url(), /off=0,1,2/);
    // Every class but the gravest is off; the legend brings them back.
    assert.equal(await page.locator('.legend .class[aria-pressed="true"]').count(), 1);
    await page.locator(".legend .small").click();
    await page.locator(".ranking h2", { hasText: "770 / 770" }).waitFor();
  });
});

test("the figures of the county are those of the files, each with what it is made of", async () => {
  await here.visit("/?level=village", {}, async (page) => {
    await drawn(page, "village");
    assert.match(await card(page, "住户").first().innerText(), new RegExp(number(counts.houses)));
    assert.match(
      await card(page, "化解率").innerText(),
      new RegExp(`95\\.41 %\\s*${counts.resolved} / ${counts.disputes}`),
    );
    assert.match(await page.locator(".period").innerText(), /2024-01-02 至 2024-12-30/);
    const shares = await page.locator(".rung .aside").allInnerTexts();
    assert.equal(
      shares.reduce((sum, one) => sum + Number(one), 0),
      counts.resolved,
    );
    await card(page, "必配人员未配齐").click();
    await page.locator(".ranking .name .aside", { hasText: "缺：" }).first().waitFor();
    assert.match(await page.locator(".ranking").innerText(), /法律顾问/);
  });
});

test("what the map is coloured by is asked for first, and everything else before it is wanted", async () => {
  for (const [query, level, first] of [
    ["", "grid", "homes"],
    ["&level=village", "village", "homes"],
    ["&metric=closed_at_village", "grid", "closed_at_village"],
    ["&metric=closed_at_moon", "grid", null],
  ]) {
    const asked = [];
    const before = (page) => page.on("request", (request) => asked.push(new URL(request.url())));
    await here.visit(`/?lang=en${query}`, { before }, async (page) => {
      await drawn(page, level);
      const api = asked.filter(({ pathname }) => pathname.startsWith("/api/"));
      // These are asked for by the document itself; what the page asks is the very same, and not asked twice.
      const beginning = api.slice(0, 2).map(({ pathname }) => pathname);
      assert.deepEqual(beginning, ["/api/region", "/api/collections/grids/tiles/WebMercatorQuad"]);
      assert.equal(api[2].pathname, "/api/coverage");
      const figures = api
        .filter(({ pathname }) => pathname === "/api/coverage")
        .map(({ searchParams }) => searchParams.get("figures"));
      assert.deepEqual(figures, first === null ? [null] : [first, null]);
      // All of it is here: another metric needs nothing of the server.
      asked.length = 0;
      await card(page, "No responsible person of their own").click();
      await page.locator(".legend-title", { hasText: "No responsible person of their own" }).waitFor();
      assert.equal(await page.locator(".legend.waiting").count(), 0);
      assert.deepEqual(
        asked.filter(({ pathname }) => pathname === "/api/coverage"),
        [],
      );
    });
  }
});

test("each level has its own areas, colours and numbers", async () => {
  await here.visit("/", {}, async (page) => {
    await drawn(page, "grid");
    for (const [level, n] of Object.entries(LEVELS)) {
      await page.locator(`input[name=level][value=${level}] + span`).click();
      await drawn(page, level);
      const perClass = await page.locator(".legend .n").allInnerTexts();
      assert.equal(
        perClass.reduce((sum, one) => sum + Number(one.replace(",", "")), 0),
        n,
        level,
      );
      assert.match(page.url(), new RegExp(`level=${level}`));
    }
  });
});

test("a click goes into an area, the breadcrumb and back lead out", async () => {
  await here.visit("/?level=township", {}, async (page) => {
    await drawn(page, "township");
    await clickMiddle(page);
    await drawn(page, "village");
    const crumbs = page.locator(".breadcrumb li");
    assert.equal(await crumbs.count(), 2);
    const township = new URL(page.url()).searchParams.get("in");
    const codes = await rows(page).evaluateAll((all) => all.map((row) => row.dataset.code));
    assert.ok(codes.length > 0 && codes.every((code) => code.startsWith(township)), `${codes} in ${township}`);
    await rows(page).first().locator(".link").click();
    await drawn(page, "grid");
    assert.equal(await crumbs.count(), 3);
    await crumbs.first().locator("button").click();
    await page.locator(".ranking h2", { hasText: /147|16/ }).waitFor();
    await page.goBack();
    await drawn(page, "grid");
    assert.equal(await crumbs.count(), 3);
  });
});

test("classes are made four ways besides the rule, and filter map and table", async () => {
  await here.visit("/?metric=incidents&level=village", {}, async (page) => {
    await drawn(page, "village");
    await page.locator(".classing summary").click();
    const method = page.locator(".classing select").first();
    for (const [name, n] of [
      ["quantile", 5],
      ["equal", 5],
      ["natural", 5],
    ]) {
      await method.selectOption(name);
      assert.equal(await page.locator(".legend .class").count(), n, name);
      assert.match(page.url(), new RegExp(`classes=${name},5`));
    }
    await method.selectOption("manual");
    const limits = page.locator(".classing input");
    await limits.fill("3, 1");
    await limits.press("Enter");
    await page.locator(".classing .fault").waitFor();
    await limits.fill("0.5, 1, 2");
    await limits.press("Enter");
    await page.locator(".legend .class").nth(3).waitFor();
    assert.match(page.url(), /classes=manual,0\.5,1,2/);
    await page.locator(".legend .class").nth(3).click();
    const values = await page.locator(".ranking td.value").allInnerTexts();
    assert.ok(Number(values[0]) <= 2, values[0]);
  });
});

test("the ranking is sorted by any column", async () => {
  await here.visit("/?level=township", {}, async (page) => {
    await drawn(page, "township");
    const values = async () =>
      (await page.locator(".ranking td.value").allInnerTexts()).map((n) => Number(n.replace(",", "")));
    const falling = await values();
    assert.deepEqual(
      falling,
      [...falling].sort((a, b) => b - a),
    );
    await page.locator("thead .value button").click();
    assert.deepEqual(await values(), [...falling].reverse());
    assert.equal(await page.locator("thead .value").getAttribute("aria-sort"), "ascending");
    await page.locator("thead .name button").click();
    assert.equal(await page.locator("thead .name").getAttribute("aria-sort"), "ascending");
  });
});

test("a link into an area with nothing below shows it among its neighbours", async () => {
  const group = houses[0].group_code;
  await here.visit(`/?in=${group}`, {}, async (page) => {
    await page.locator(".chosen-card", { hasText: group }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("in"), group.slice(0, 15));
    assert.equal(await page.locator("tr.chosen").getAttribute("data-code"), group);
  });
});

test("an area that is not there is said, and the county is a click away", async () => {
  await here.visit("/?in=999999&lang=en", {}, async (page) => {
    await page.locator(".trouble", { hasText: "999999" }).waitFor();
    await page.getByRole("button", { name: "Show the whole region" }).first().click();
    await page.locator(".trouble").waitFor({ state: "detached" });
    await drawn(page, "grid");
  });
});

test("a row names the areas above it, but not what all rows lie in", async () => {
  const nameOf = async (code) => {
    const found = await fetch(`${here.server.url}/api/collections/grids/items?code=${code}`);
    return (await found.json()).features[0].properties.name.replace(/\s+/g, "");
  };
  await here.visit("/?lang=zh", {}, async (page) => {
    await drawn(page, "grid");
    const row = page.locator(".ranking tbody tr").first();
    const code = await row.getAttribute("data-code");
    const above = await row.locator(".name .aside").innerText();
    // Short names, without what every name of a level ends with.
    const written = above.split(" · ").map((name) => name.slice(0, 2));
    const names = [await nameOf(code.slice(0, 12)), await nameOf(code.slice(0, 9))];
    assert.deepEqual(
      names.map((name, n) => name.includes(written[n])),
      [true, true],
      `${above}: ${names}`,
    );
    assert.equal(written.length, 2, above);
    await page.keyboard.press("[");
    await page.keyboard.press("[");
    await drawn(page, "township");
    assert.equal(await page.locator(".ranking tbody .name .aside").count(), 0);
  });
});

test("a vacant post is told on the card as in the answer: the level above is responsible", async () => {
  const found = await fetch(`${here.server.url}/api/coverage?level=group&figures=without_leader`);
  const vacant = (await found.json()).rows.find(({ figures }) => figures.without_leader.numerator === 1).code;
  await here.visit(`/?lang=en&in=${vacant.slice(0, 15)}&level=group`, {}, async (page) => {
    const vacancies = card(page, "No responsible person of their own");
    await vacancies.filter({ hasText: "vacant: the level above is responsible" }).waitFor();
    assert.equal(await vacancies.evaluate((one) => one.classList.contains("wrong")), false);
  });
  const home = houses.find(({ group_code }) => group_code === vacant);
  await here.visit(`/?lang=en&at=${home.lon},${home.lat}`, {}, async (page) => {
    await page.locator(".answer .chain .role", { hasText: "vacant: the level above is responsible" }).first().waitFor();
  });
});

test("back undoes choosing: from one area to the one before, and to none", async () => {
  await here.visit("/?view=hotspots&level=village", {}, async (page) => {
    await drawn(page, "village");
    const chosen = () => page.locator("tr.chosen").evaluateAll((all) => all.map((row) => row.dataset.code));
    for (const n of [0, 1]) await rows(page).nth(n).locator(".link").click();
    const [first, second] = await rows(page).evaluateAll((all) => all.slice(0, 2).map((row) => row.dataset.code));
    assert.deepEqual(await chosen(), [second]);
    await page.goBack();
    await page.waitForURL(new RegExp(`area=${first}`));
    assert.deepEqual(await chosen(), [first]);
    await page.goBack();
    await page.locator(".chosen-card").waitFor({ state: "detached" });
    assert.match(page.url(), /view=hotspots/);
  });
});
