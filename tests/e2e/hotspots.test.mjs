/** The leader's task: where and when do disputes gather, and how many are they for the homes there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PNG } from "pngjs";
import { clickMiddle, drawn, visit } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, disputes, homesBy } from "./fixtures.mjs";
import { serve } from "./server.mjs";

const here = county();
const rows = (page) => page.locator(".ranking tbody tr");

/** Villages by disputes for 100 homes, from the files. */
function ranked(inSpan = () => true) {
  const homes = homesBy(12);
  const found = new Map();
  for (const { group_code, reported_at } of disputes) {
    if (inSpan(reported_at)) found.set(group_code.slice(0, 12), (found.get(group_code.slice(0, 12)) ?? 0) + 1);
  }
  const rate = ([code, n]) => (100 * n) / homes.get(code);
  return [...found].sort((a, b) => rate(b) - rate(a)).map(([code, n]) => ({ code, n, rate: rate([code, n]) }));
}

test("the hottest village leads the ranking, with its count and rate, and is chosen", async () => {
  const [first] = ranked();
  await here.visit("/?view=hotspots&level=village", {}, async (page) => {
    await drawn(page, "village");
    assert.match(await page.locator(".total").innerText(), new RegExp(`${counts.disputes}`));
    const row = rows(page).first();
    assert.equal(await row.getAttribute("data-code"), first.code);
    assert.match(await row.innerText(), new RegExp(`${first.rate.toFixed(2)}\\s+${first.n} /`));
    await row.locator(".link").click();
    await page.locator(".chosen-card").waitFor();
    assert.match(await page.locator(".chosen-card").innerText(), new RegExp(first.rate.toFixed(2)));
    await page.waitForURL((url) => Number(url.searchParams.get("map")?.split(",")[2]) > 11);
    assert.match(page.url(), new RegExp(`area=${first.code}`));
    // From the hotspot to who answers there.
    await page.locator(".chosen-card .row button").first().click();
    await page.locator(".answer .chain").waitFor();
    assert.ok((await page.locator(".path .code").allInnerTexts()).includes(first.code));
  });
});

test("Enter on a row looks into it, and back leads to the list", async () => {
  const [first] = ranked();
  await here.visit("/?view=hotspots&level=village", {}, async (page) => {
    await drawn(page, "village");
    await rows(page).first().locator(".link").press("Enter");
    await drawn(page, "grid");
    assert.match(page.url(), new RegExp(`in=${first.code}`));
    await page.goBack();
    await drawn(page, "village");
    assert.equal(await rows(page).first().getAttribute("data-code"), first.code);
  });
});

test("rows are ranked by count, by rate or by smoothed rate, and of so many homes at least", async () => {
  const homes = homesBy(15);
  const found = await fetch(`${here.server.url}/api/hotspots?level=grid`);
  const all = (await found.json()).rows;
  const first = (value) => all.toSorted((a, b) => value(b) - value(a) || (a.code < b.code ? -1 : 1))[0];
  await here.visit("/?view=hotspots&level=grid&lang=en", {}, async (page) => {
    await drawn(page, "grid");
    const leads = async ({ code }, title) => {
      await page.locator(".ranking h2", { hasText: title }).waitFor();
      await page.locator(".legend-title", { hasText: title }).waitFor();
      assert.equal(await rows(page).first().getAttribute("data-code"), code);
    };
    await page.locator("[name=rank]").selectOption("count");
    await leads(
      first(({ incidents }) => incidents.numerator),
      /^(Ranking · )?Incidents(?! per)/,
    );
    assert.match(page.url(), /rank=count/);
    await page.locator(".legend .swatch.circles").waitFor();
    await page.locator("[name=rank]").selectOption("smoothed");
    const smoothed = first(({ estimate }) => estimate?.smoothed ?? 0);
    await leads(smoothed, "Incidents per 100 homes, smoothed");
    const { low, high } = smoothed.estimate;
    assert.match(await rows(page).first().innerText(), new RegExp(smoothed.estimate.smoothed.toFixed(2)));
    await rows(page).first().locator(".link").click();
    const interval = `95 % interval ${low.toFixed(2)}–${high.toFixed(2)} (exact Poisson)`;
    await page.locator(".chosen-card", { hasText: interval }).waitFor();
    await page.locator("[name=rank]").selectOption("rate");
    // The smallest areas of the highest rates are circles too.
    await page.locator(".legend .swatch.circles").waitFor();
    await page.locator("[name=least]").selectOption("50");
    const enough = [...homes.values()].filter((n) => n >= 50).length;
    await page.locator(".ranking h2", { hasText: `${enough} / 770` }).waitFor();
    assert.match(page.url(), /least=50/);
    assert.match(await page.locator(".print-only").textContent(), /areas of 50 homes or more/);
    for (const told of await page.locator(".ranking td.parts").allInnerTexts())
      assert.ok(Number(told.split(" / ")[1].replace(",", "")) >= 50, told);
  });
});

test("a click on the map chooses the grid and says its rate", async () => {
  const spot = disputes[0];
  await here.visit(`/?view=hotspots&level=grid&map=${spot.lon},${spot.lat},14`, {}, async (page) => {
    await drawn(page, "grid");
    await clickMiddle(page);
    await page.locator(".chosen-card").waitFor();
    assert.match(await page.locator(".chosen-card").innerText(), new RegExp(spot.group_code.slice(0, 15)));
    const box = await page.locator(".canvas").boundingBox();
    await page.mouse.move(box.x + box.width / 2 + 3, box.y + box.height / 2 + 3);
    assert.match(await page.locator(".tooltip").innerText(), /每百户受理量 \d+\.\d\d\n\d+ \/ \d+/);
  });
});

test("days narrow what is counted, by typing and by drawing over the weeks", async () => {
  const inMay = ranked((at) => at >= "2024-05-01" && at < "2024-06-01");
  const total = inMay.reduce((sum, { n }) => sum + n, 0);
  await here.visit("/?view=hotspots&level=village&from=2024-05-01&to=2024-05-31", {}, async (page) => {
    await drawn(page, "village");
    assert.equal(await page.locator(".total strong").innerText(), String(total));
    assert.equal(await rows(page).first().getAttribute("data-code"), inMay[0].code);
    await page.getByRole("button", { name: "全部时间" }).click();
    await page.locator(".total strong", { hasText: String(counts.disputes) }).waitFor();
    const box = await page.locator(".weeks").boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=2024-\d\d-\d\d&to=2024-\d\d-\d\d/);
    const { searchParams } = new URL(page.url());
    const [from, to] = [searchParams.get("from"), `${searchParams.get("to")}T99`];
    const drawnOver = disputes.filter(({ reported_at }) => reported_at >= from && reported_at < to).length;
    await page.locator(".total strong", { hasText: new RegExp(`^${drawnOver}$`) }).waitFor();
  });
});

test("weeks are played one after another, and stopped", async () => {
  await here.visit("/?view=hotspots&level=township", {}, async (page) => {
    await drawn(page, "township");
    await page.keyboard.press("p");
    await page.locator("span.played", { hasText: /2024-W(0[2-9]|[1-5]\d)/ }).waitFor();
    await page.keyboard.press("p");
    const before = await page.locator("span.played").innerText();
    await page.keyboard.press(".");
    assert.notEqual(await page.locator("span.played").innerText(), before);
    await page.keyboard.press("Escape");
    await page.locator("span.played", { hasText: "2024-W" }).waitFor({ state: "detached" });
  });
});

/** Incidents of the villages in a span of days, from the files. */
const inDays = (from, to) => new Map(ranked((at) => at >= from && at.slice(0, 10) <= to).map((one) => [one.code, one]));

test("two spans of days are compared: on the map, in the ranking, in the file and in the address", async () => {
  const [now, before] = [inDays("2024-07-01", "2024-09-30"), inDays("2024-03-31", "2024-06-30")];
  const homes = homesBy(12);
  const nOf = (span, code) => span.get(code)?.n ?? 0;
  const change = (code) => (100 * (nOf(now, code) - nOf(before, code))) / homes.get(code);
  const written = (code) => Number(change(code).toFixed(2));
  const expected = [...homes.keys()].toSorted((a, b) => written(b) - written(a) || (a < b ? -1 : 1));
  const query = "/?view=hotspots&level=village&from=2024-07-01&to=2024-09-30&lang=en";
  await here.visit(query, {}, async (page) => {
    await drawn(page, "village");
    await page.getByLabel("Compare with").selectOption("year");
    await page.getByText(/There are no records before 2024-01-01/).waitFor();
    await page.getByLabel("Compare with").selectOption("before");
    await page.locator(".legend-title", { hasText: "Change" }).waitFor();
    await page.getByText(/There are no records/).waitFor({ state: "detached" });
    await drawn(page, "village");
    assert.match(page.url(), /than=2024-03-31\/2024-06-30/);
    const shown = await rows(page).evaluateAll((all) => all.map((row) => row.dataset.code));
    assert.deepEqual(shown, expected.slice(0, shown.length));
    const first = await rows(page).first().innerText();
    assert.match(first, new RegExp(`\\+${change(expected[0]).toFixed(2)}`));
    assert.match(first, new RegExp(`${nOf(before, expected[0])} → ${nOf(now, expected[0])}`));
    // As many areas are in the classes and without change as there are.
    const counted = await page.locator(".legend .n").allInnerTexts();
    assert.equal(
      counted.reduce((sum, n) => sum + Number(n), 0),
      homes.size,
    );
    const download = page.waitForEvent("download");
    await page.locator(".exports button").first().click();
    const file = readFileSync(await (await download).path(), "utf8");
    const [head, ...lines] = file.trim().split("\r\n");
    assert.match(head, /\[change\].*\[before\]/);
    const line = lines.find((one) => one.includes(expected[0]));
    assert.ok(line.includes(`+${change(expected[0]).toFixed(2)}`), line);
  });
  await here.visit(`${query}&than=2024-03-31/2024-06-30&area=${expected[0]}`, {}, async (page) => {
    await page.locator(".chosen-card", { hasText: "→" }).waitFor();
    const title = await page.locator(".chosen-card .series title").first().textContent();
    assert.match(title, /^2024-W27/);
    const bars = await page.locator(".chosen-card .series title").allTextContents();
    const told = bars.reduce((sum, text) => sum + Number(text.split(": ").at(-1)), 0);
    assert.equal(told, nOf(now, expected[0]));
  });
});

test("two spans of days on two maps: one legend, one camera, one picture", async () => {
  const days = "from=2024-07-01&to=2024-09-30&than=2024-03-31/2024-06-30";
  const before = inDays("2024-03-31", "2024-06-30");
  await here.visit(`/?view=hotspots&level=village&${days}&beside=1&lang=en`, {}, async (page) => {
    await drawn(page, "village");
    const second = page.locator(".second-map");
    const isDrawn = page.locator('.second-map[data-drawn="village"]');
    await isDrawn.waitFor();
    assert.deepEqual(await page.locator(".half").allInnerTexts(), [
      "2024-03-31 – 2024-06-30",
      "2024-07-01 – 2024-09-30",
    ]);
    // The pointer tells of the days of the map that it is on.
    for (const [selector, isEarlier] of [
      [".second-map", true],
      [".canvas", false],
    ]) {
      const { x, y, width, height } = await page.locator(selector).boundingBox();
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.move(x + width / 2 + 6, y + height / 2 + 6, { steps: 3 });
      const told = await page.locator(".tooltip").innerText();
      assert.equal(told.includes("→"), !isEarlier, told);
      assert.match(told, /\d+ (\/|→) [\d,]+|None/);
    }
    // The highest limit is of whichever of the two has it.
    const most = Math.max(...[...before.values()].map(({ rate }) => rate));
    assert.ok((await page.locator(".legend").innerText()).includes(most.toFixed(2)));
    const download = page.waitForEvent("download");
    await page.locator(".exports button", { hasText: "PNG" }).click();
    const picture = PNG.sync.read(readFileSync(await (await download).path()));
    assert.ok(picture.width >= (await page.locator(".map").evaluate((map) => map.clientWidth)) - 2);
    // Whichever is moved, the other one follows.
    const box = await second.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 80, box.y + 300, {
      steps: 4,
    });
    await page.mouse.up();
    await page.waitForURL(/map=/);
    await page.getByText("Change", { exact: true }).click();
    await second.waitFor({ state: "detached" });
    await page.locator(".legend-title", { hasText: "Change" }).waitFor();
  });
});

test("heat shows where the reports are", async () => {
  await here.visit("/?view=hotspots&level=township", {}, async (page) => {
    await drawn(page, "township");
    const before = await page.locator(".canvas").screenshot();
    await page.keyboard.press("h");
    await page.locator(".legend .heat-ramp").waitFor();
    await drawn(page, "township");
    assert.notDeepEqual(await page.locator(".canvas").screenshot(), before);
    assert.match(page.url(), /surface=heat/);
  });
});

/** The corner that two townships of unlike rates share farthest from any report. */
async function quietCorner() {
  const ask = async (path) => (await fetch(`${here.server.url}/api/${path}`)).json();
  const rates = new Map(
    (await ask("hotspots?level=township")).rows.map(({ code, incidents }) => [code, incidents.value]),
  );
  const owners = new Map();
  for (const { geometry, properties } of (await ask("collections/grids/items?level=township&limit=100")).features)
    for (const corner of geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2))
      owners.set(String(corner), (owners.get(String(corner)) ?? new Set()).add(rates.get(properties.code)));
  const corners = [...owners]
    .filter(([, [a, b]]) => b !== undefined && Math.abs(a - b) > 0.3)
    .map(([at]) => at.split(","));
  const away = ([lon, lat]) => Math.min(...disputes.map((one) => Math.hypot(one.lon - lon, one.lat - lat)));
  return corners.toSorted((a, b) => away(b) - away(a))[0];
}

test("under heat the ground has one colour, whatever the rates of its areas are", async () => {
  const [lon, lat] = await quietCorner();
  await here.visit(`/?view=hotspots&level=township&surface=heat&map=${lon},${lat},14`, {}, async (page) => {
    await drawn(page, "township");
    /** How much of the middle of the map has about the colour that is most frequent there. */
    const share = async () => {
      const { width, height, data } = PNG.sync.read(await page.locator(".canvas").screenshot());
      const found = new Map();
      for (let at = 0; at < 160 ** 2; at++) {
        const pixel = (height / 2 - 80 + Math.floor(at / 160)) * width + width / 2 - 80 + (at % 160);
        const rgb = data.subarray(4 * pixel, 4 * pixel + 3).join();
        found.set(rgb, (found.get(rgb) ?? 0) + 1);
      }
      const [[most]] = [...found].toSorted(([, a], [, b]) => b - a);
      const isAlike = (rgb) => rgb.split(",").every((part, n) => Math.abs(part - most.split(",")[n]) < 4);
      return [...found].reduce((sum, [rgb, n]) => sum + (isAlike(rgb) ? n : 0), 0) / 160 ** 2;
    };
    const heat = await share();
    await page.keyboard.press("h");
    await page.locator(".legend .class").first().waitFor();
    await drawn(page, "township");
    const rates = await share();
    assert.ok(heat > 0.85 && rates < 0.75, `${heat} under heat, ${rates} by rates`);
  });
});

test("a point that holds a large share is warned of", async () => {
  const withFallback = async (route) => {
    const response = await route.fetch();
    // Asked again, the server says that nothing has changed, without a body.
    if (response.status() === 304) return route.fulfill({ response });
    const answer = await response.json();
    const points = [
      {
        lon: 103.6,
        lat: 34.75,
        numerator: 17070,
        denominator: 121145,
        value: 0.1409,
      },
    ];
    await route.fulfill({
      response,
      json: { ...answer, fallback: { ...answer.fallback, points } },
    });
  };
  const before = (page) => page.route("**/api/hotspots?*", withFallback);
  await here.visit("/?view=hotspots&lang=en", { before }, async (page) => {
    await page
      .locator(".warning", {
        hasText: "14.09 % of all incidents (17,070 of 121,145)",
      })
      .waitFor();
    await drawn(page, "grid");
    await page.locator(".warning button").click();
    await page.waitForURL(/map=103\.6\d*,34\.75\d*,14/);
  });
});

test("the public is told no small count, and cannot narrow", async () => {
  const closed = await serve(here.database);
  try {
    const { minimum, released } = await (await fetch(`${closed.url}/api/coverage?level=grid`)).json();
    const day = new Date(Date.parse(released) + 8 * 3_600_000).toISOString().slice(0, 10);
    for (const query of [
      "/?view=hotspots&level=grid&surface=heat&kind=dispute&from=2024-05-01",
      "/?metric=incidents",
    ]) {
      await visit(here.browser, closed, query, {}, async (page) => {
        await drawn(page, "grid");
        assert.equal(await page.locator(".banner").count(), 0);
        assert.equal(await page.locator(".filters").count(), 0);
        const told = await page.locator(".ranking td.parts").allInnerTexts();
        for (const one of told) assert.doesNotMatch(one, /^[1-4] \//, one);
        assert.equal(await page.locator("[name=rank] [value=smoothed]").count(), 0);
        // How the counts are rounded and withheld, and of which day they are.
        const note = `${day} 的公开数字，每周一更新。0 至 ${minimum - 1} 的数字为保护隐私不公开，其余向下取整为 ${minimum} 的倍数。`;
        assert.equal(await page.locator(".panel .hint", { hasText: note }).count(), 1);
      });
    }
    // Why a card is of fewer areas than its neighbour, and what has no card, is said; and no key plays weeks.
    await visit(here.browser, closed, "/?level=grid&lang=en", {}, async (page) => {
      await drawn(page, "grid");
      for (const [, of, , withheld] of (await page.locator(".card-sub").allInnerTexts())
        .map((text) => /^\/ (\d+) grids( \((\d+) withheld\))?/.exec(text))
        .filter(Boolean)) {
        assert.equal(Number(of) + Number(withheld ?? 0), counts.grids);
      }
      assert.equal(await page.locator(".card-main", { hasText: "Withheld" }).count(), 0);
      assert.equal(await page.locator(".stack > .hint", { hasText: "Withheld to protect privacy: " }).count(), 1);
      for (const key of ["2", "p", "."]) await page.keyboard.press(key);
      await page.locator(".weeks").waitFor();
      await page.keyboard.press("p");
      assert.equal(await page.locator("span.played").count(), 0);
    });
  } finally {
    closed.stop();
  }
});
