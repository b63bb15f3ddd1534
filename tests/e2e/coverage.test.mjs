/** The planner's task: where are grids over-full, and what else is wrong with the ground. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clickMiddle, drawn, pixels } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, homesByGrid, houses, number } from "./fixtures.mjs";

const LEVELS = { township: counts.townships, village: counts.villages, grid: counts.grids, group: counts.groups };
const here = county();

const card = (page, name) => page.locator(".card", { hasText: name });
const rows = (page) => page.locator(".ranking tbody tr");

/** The middle of the box around an area. */
async function middleOf(code) {
  const found = await fetch(`${here.server.url}/api/collections/grids/items?code=${code}`);
  const { geometry } = (await found.json()).features[0];
  const positions = geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2);
  const [lon, lat] = [0, 1].map((axis) => {
    const values = positions.map((one) => one[axis]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  return { lon, lat };
}

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

const isOutline = (r, g, b) => Math.abs(r - 44) < 12 && Math.abs(g - 70) < 12 && Math.abs(b - 80) < 12;

test("the area of the row under the pointer is outlined on the map", async () => {
  await here.visit("/?level=township", {}, async (page) => {
    await drawn(page, "township");
    const before = await pixels(page, 0, isOutline);
    await rows(page).nth(1).hover();
    await pixels(page, before.found.length + 100, isOutline);
    await page.locator(".ranking h2").hover();
    const after = await pixels(page, 0, isOutline);
    assert.ok(Math.abs(after.found.length - before.found.length) < 20, `${before.found.length}, ${after.found.length}`);
  });
});

test("staff that is missing is named in the reader's language", async () => {
  const ask = async (path) => (await fetch(`${here.server.url}/api/${path}`)).json();
  const roles = new Map((await ask("region")).roles.map(({ code, names }) => [code, names.en.toLowerCase()]));
  const lacking = (await ask("coverage?level=village")).rows.filter(({ missing_roles }) => missing_roles.length > 0);
  await here.visit("/?level=village&metric=lacking_roles&lang=en", {}, async (page) => {
    await drawn(page, "village");
    const { code, missing_roles } = lacking[0];
    const said = `Missing: ${missing_roles.map((role) => roles.get(role)).join(", ")}`;
    await page.locator(`.ranking tr[data-code="${code}"] .aside`, { hasText: said }).waitFor();
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
    const shares = await page.locator(".closed-level .aside").allInnerTexts();
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

test("the histogram of the legend holds as many areas of each class as the legend says", async () => {
  for (const query of ["/?lang=en", "/?lang=en&view=hotspots&level=village", "/?lang=en&metric=incidents&off=0"]) {
    await here.visit(query, {}, async (page) => {
      await drawn(page, query.includes("village") ? "village" : "grid");
      await page.locator(".histogram .bar").first().waitFor();
      const parts = await page
        .locator(".histogram [data-n]")
        .evaluateAll((all) => all.map(({ dataset: { place, n } }) => [Number(place), Number(n)]));
      const inLegend = await page.locator(".legend .class .n").allInnerTexts();
      const inBars = inLegend.map((_, at) => parts.reduce((sum, [place, n]) => sum + (place === at ? n : 0), 0));
      assert.deepEqual(inBars, inLegend.map(Number));
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
    await rows(page).first().locator(".link").press("Enter");
    await drawn(page, "grid");
    assert.equal(await crumbs.count(), 3);
    await crumbs.first().locator("button").click();
    await page.locator(".ranking h2", { hasText: /147|16/ }).waitFor();
    await page.goBack();
    await drawn(page, "grid");
    assert.equal(await crumbs.count(), 3);
    // The map is where it was, not where the area is framed.
    const looksAt = () => new URL(page.url()).searchParams.get("map");
    const zoom = () => Number(looksAt()?.split(",")[2]);
    const until = async (isSo) => {
      for (let n = 0; n < 200 && !isSo(); n++) await page.waitForTimeout(50);
      assert.ok(isSo(), page.url());
    };
    const framed = zoom();
    await page.keyboard.press("+");
    await until(() => zoom() > framed + 0.9);
    const seen = looksAt();
    await crumbs.first().locator("button").click();
    await until(() => zoom() < framed);
    await page.goBack();
    await until(() => looksAt() === seen);
    // Whoever never moved the map gets back all of the place.
    await page.goto(`${here.server.url}/?level=township`);
    await drawn(page, "township");
    await rows(page).first().locator(".link").click();
    await page.waitForURL(/map=/);
    const near = looksAt();
    await page.goBack();
    await until(() => looksAt() !== null && looksAt() !== near);
  });
});

test("a row is chosen and gone to while the list stays, and Enter looks into it", async () => {
  const overfull = [...homesByGrid()].filter(([, n]) => n > 120).sort(([, a], [, b]) => b - a);
  const list = (page) => page.locator(".ranking h2", { hasText: `${overfull.length} / 770` });
  await here.visit("/", {}, async (page) => {
    await drawn(page, "grid");
    await card(page, "户数超上限").click();
    await list(page).waitFor();
    for (const [n, press] of [(link) => link.click(), (link) => link.press("Space")].entries()) {
      const row = rows(page).nth(n + 2);
      const code = await row.getAttribute("data-code");
      await press(row.locator(".link"));
      await page.locator(".chosen-card", { hasText: code }).waitFor();
      const { lon, lat } = await middleOf(code);
      await page.waitForURL((url) => {
        const [x, y, zoom] = (url.searchParams.get("map") ?? "").split(",").map(Number);
        return zoom > 11 && Math.hypot(x - lon, y - lat) < 0.01;
      });
      assert.equal(await list(page).count(), 1);
      assert.match(page.url(), new RegExp(`area=${code}&.*off=0,1,2`));
      assert.equal(await page.locator("tr.chosen").getAttribute("data-code"), code);
    }
    const code = await rows(page).nth(4).getAttribute("data-code");
    await rows(page).nth(4).locator(".link").press("Enter");
    await drawn(page, "group");
    assert.match(page.url(), new RegExp(`in=${code}`));
    await page.goBack();
    await list(page).waitFor();
  });
});

test("several rows are marked, outlined, and added up, and a link says so", async () => {
  const homes = homesByGrid();
  await here.visit("/?lang=en", {}, async (page) => {
    await drawn(page, "grid");
    const link = (n) => rows(page).nth(n).locator(".link");
    const codes = await rows(page).evaluateAll((all) => all.slice(0, 6).map((row) => row.dataset.code));
    const sum = (marked) => marked.reduce((all, code) => all + homes.get(code), 0);
    const says = (marked) =>
      page
        .locator(".marked output")
        .getByText(`${marked.length} marked: ${number(sum(marked))} · Target ${number(marked.length * 65)}`, {
          exact: true,
        })
        .waitFor();
    await rows(page).nth(1).locator(".mark").check();
    await says([codes[1]]);
    await link(3).click({ modifiers: ["Control"] });
    await says([codes[1], codes[3]]);
    await link(5).click({ modifiers: ["Shift"] });
    await says([codes[1], codes[3], codes[4], codes[5]]);
    await link(3).press("Control+Space");
    const marked = [codes[1], codes[4], codes[5]];
    await says(marked);
    assert.equal(await page.locator(".chosen-card").count(), 0);
    const address = page.url();
    assert.match(address, new RegExp(`marked=${marked}`));
    // They are the same areas wherever they are measured, and in what is taken along.
    await page.keyboard.press("2");
    await page.locator(".marked output", { hasText: /^3 marked: \d+\.\d\d · \d+ \/ [\d,]+$/ }).waitFor();
    await page.goto(address);
    await says(marked);
    // Whoever sees no marks reads the names; a file says which rows they are.
    const named = await Promise.all([1, 4, 5].map((n) => link(n).innerText()));
    const paper = await page.locator(".print-only").textContent();
    assert.ok(paper.includes(`3 marked: `) && paper.includes(`(${named.join(", ")})`), paper);
    const download = page.waitForEvent("download");
    await page.locator(".exports button").first().click();
    const [head, ...lines] = readFileSync(await (await download).path(), "utf8")
      .trim()
      .split("\r\n");
    const at = head.split(",").findIndex((cell) => cell.endsWith("[marked]"));
    assert.equal(lines.filter((line) => line.split(",")[at] === "1").length, 3);
    await page.getByRole("button", { name: "Clear marks" }).click();
    await page.locator(".marked").waitFor({ state: "detached" });
    assert.doesNotMatch(page.url(), /marked/);
  });
});

test("grids are listed township by township, each with its number and sum, and keep their ranks", async () => {
  const all = [...homesByGrid()].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const township = all[0][0].slice(0, 9);
  const mine = all.filter(([code]) => code.startsWith(township));
  const homes = mine.reduce((sum, [, n]) => sum + n, 0);
  await here.visit("/?lang=en", {}, async (page) => {
    await drawn(page, "grid");
    await page.locator("[name=grouped]").check();
    const head = page.locator(".ranking .part").first();
    await head.waitFor();
    assert.match(page.url(), /grouped=1/);
    const said = `${mine.length} · ${number(homes)} · Target ${number(mine.length * 65)}`;
    assert.ok((await head.innerText()).includes(said), await head.innerText());
    const listed = await page
      .locator(".ranking tbody tr[data-code]")
      .evaluateAll((rows) => rows.map((row) => [row.dataset.code, row.querySelector(".rank").innerText.trim()]));
    const expected = mine.map(([code]) => [code, String(all.findIndex(([other]) => other === code) + 1)]);
    assert.deepEqual(listed.slice(0, Math.min(mine.length, listed.length)), expected.slice(0, listed.length));
  });
});

test("the fullest grid is a circle where its ground is a dot, and answers for itself there", async () => {
  const [[code, n]] = [...homesByGrid()].sort(([, a], [, b]) => b - a);
  const { lon, lat } = await middleOf(code);
  await here.visit(`/?lang=en&map=${lon},${lat},9.2`, {}, async (page) => {
    await drawn(page, "grid");
    await page.locator(".legend .swatch.circles").waitFor();
    const box = await page.locator(".canvas").boundingBox();
    const tooltip = page.locator(".tooltip", { hasText: `${n} / 65` });
    // To its east the circle of a neighbour lies over it.
    await page.mouse.move(box.x + box.width / 2 - 8, box.y + box.height / 2);
    await tooltip.waitFor();
    const above = (await tooltip.locator(".aside").first().innerText()).split(" · ");
    const names = [await nameOf(code.slice(0, 12)), await nameOf(code.slice(0, 9))];
    assert.deepEqual(
      above.map((name, n) => names[n].startsWith(name)),
      [true, true],
      `${above} of ${names}`,
    );
    // What has no counts has no circles.
    await card(page, "Land outside any grid").click();
    await page.locator(".legend .swatch.circles").waitFor({ state: "detached" });
  });
});

test("limits of the reader's own leave the same classes off in an area that is looked into", async () => {
  await here.visit("/?metric=incidents&level=township&classes=manual,0.5,1&off=0", {}, async (page) => {
    await drawn(page, "township");
    await rows(page).first().locator(".link").press("Enter");
    await drawn(page, "village");
    assert.match(page.url(), /in=.*off=0/);
    const values = await page.locator(".ranking td.value").allInnerTexts();
    assert.ok(values.length > 0 && values.map(Number).every((one) => one === 0 || one >= 0.5), values.join());
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

async function nameOf(code) {
  const found = await fetch(`${here.server.url}/api/collections/grids/items?code=${code}`);
  return (await found.json()).features[0].properties.name.replace(/\s+/g, "");
}

test("a row names the areas above it, but not what all rows lie in", async () => {
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

test("two townships side by side: one scale, one legend, each with its sum and its rows", async () => {
  const [here_, there] = ["623021100", "623021102"];
  const homes = homesByGrid();
  const inPart = (part) => [...homes].filter(([code]) => code.startsWith(part));
  const sum = (part) => number(inPart(part).reduce((all, [, n]) => all + n, 0));
  await here.visit("/?lang=en", {}, async (page) => {
    await drawn(page, "grid");
    await page.locator("[name=within]").selectOption(here_);
    await page.getByLabel("Beside it").selectOption(there);
    await page.locator('.second-map[data-drawn="grid"]').waitFor();
    await drawn(page, "grid");
    const names = await page.locator("[name=within] option:checked, [name=against] option:checked").allTextContents();
    const heads = await page.locator(".half").allInnerTexts();
    for (const [n, part] of [here_, there].entries()) {
      assert.ok(heads[n].startsWith(`${names[n]} · ${sum(part)}`), heads[n]);
    }
    const more = page.locator(".ranking button", { hasText: "Show more" });
    while ((await more.count()) > 0) await more.click();
    const groups = await page.locator(".ranking .part").allInnerTexts();
    assert.deepEqual(groups.map((text) => text.split(/\s/)[0]).sort(), names.map((name) => name.split(" ")[0]).sort());
    const counted = await page.locator(".legend .class .n").allInnerTexts();
    const all = inPart(here_).length + inPart(there).length;
    assert.equal(
      counted.reduce((sum, n) => sum + Number(n), 0),
      all,
    );
    // The one that was chosen first is on the left, each in the middle of its map, and the pointer tells of either.
    const boxes = await Promise.all([".canvas", ".second-map"].map((one) => page.locator(one).boundingBox()));
    assert.ok(boxes[0].x + boxes[0].width <= boxes[1].x + 2);
    const seen = [];
    for (const { x, y, width, height } of boxes) {
      await page.mouse.move(x + width / 2, y + height / 2 - 20);
      await page.mouse.move(x + width / 2 + 8, y + height / 2 - 28, { steps: 3 });
      await page.locator(".tooltip").waitFor();
      const tip = await page.locator(".tooltip").boundingBox();
      assert.ok(tip.x > x - 270 && tip.x < x + width, JSON.stringify({ tip, x }));
      seen.push(await page.locator(".tooltip .aside").first().innerText());
    }
    assert.ok(seen[1].includes(names[1]), seen.join(" | "));
    const link = page.url();
    assert.match(link, new RegExp(`within=${here_}&against=${there}`));
    assert.ok((await page.locator(".print-only").textContent()).includes(heads.join(" | ")));
    // One place is asked about on one map; back are both.
    await page.keyboard.press("3");
    await page.locator(".second-map").waitFor({ state: "detached" });
    await page.goBack();
    await page.locator('.second-map[data-drawn="grid"]').waitFor();
    // A link shows the same, wherever its sender had moved the maps to.
    await page.mouse.move(boxes[1].x + 200, boxes[1].y + 300);
    await page.mouse.down();
    await page.mouse.move(boxes[1].x + 120, boxes[1].y + 300, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction((before) => location.href !== before, link);
    const moved = page.url();
    await page.goto(moved);
    await page.locator('.second-map[data-drawn="grid"]').waitFor();
    assert.equal(page.url(), moved);
    await page.getByLabel("Beside it").selectOption("");
    await page.locator(".second-map").waitFor({ state: "detached" });
  });
});
