/** The leader's task: where and when do disputes gather, and how many are they for the homes there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clickMiddle, drawn } from "./browser.mjs";
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
    assert.match(page.url(), new RegExp(`area=${first.code}`));
    // From the hotspot to who answers there.
    await page.locator(".chosen-card .row button").first().click();
    await page.locator(".answer .chain").waitFor();
    assert.ok((await page.locator(".path .code").allInnerTexts()).includes(first.code));
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

test("a point that holds a large share is warned of", async () => {
  const withFallback = async (route) => {
    const response = await route.fetch();
    // Asked again, the server says that nothing has changed, without a body.
    if (response.status() === 304) return route.fulfill({ response });
    const answer = await response.json();
    const points = [{ lon: 103.6, lat: 34.75, numerator: 17070, denominator: 121145, value: 0.1409 }];
    await route.fulfill({ response, json: { ...answer, fallback: { ...answer.fallback, points } } });
  };
  const before = (page) => page.route("**/api/hotspots?*", withFallback);
  await here.visit("/?view=hotspots&lang=en", { before }, async (page) => {
    await page.locator(".warning", { hasText: "14.09 % of all incidents (17,070 of 121,145)" }).waitFor();
    await drawn(page, "grid");
    await page.locator(".warning button").click();
    await page.waitForURL(/map=103\.6\d*,34\.75\d*,14/);
  });
});

test("the public is told no small count, and cannot narrow", async () => {
  const closed = await serve(here.database);
  try {
    const open = here.server;
    here.server = closed;
    for (const query of [
      "/?view=hotspots&level=grid&surface=heat&kind=dispute&from=2024-05-01",
      "/?metric=incidents",
    ]) {
      await here.visit(query, {}, async (page) => {
        await drawn(page, "grid");
        assert.equal(await page.locator(".banner").count(), 0);
        assert.equal(await page.locator(".filters").count(), 0);
        const told = await page.locator(".ranking td.parts").allInnerTexts();
        for (const one of told) assert.doesNotMatch(one, /^[1-4] \//, one);
      });
    }
    // Why a card is of fewer areas than its neighbour, and what has no card, is said; and no key plays weeks.
    await here.visit("/?level=grid&lang=en", {}, async (page) => {
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
    here.server = open;
  } finally {
    closed.stop();
  }
});
