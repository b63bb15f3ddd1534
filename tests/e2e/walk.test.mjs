/** A walk through the first page, as its users take it, on the real binary with the demo county. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { answer, clickMiddle, drawn, launch, shoot, visit } from "./browser.mjs";
import { counts, houses, toGcj02, whoAnswersAt } from "./fixtures.mjs";
import { loadCounty, serve } from "./server.mjs";

const LEVELS = {
  county: 1,
  township: counts.townships,
  village: counts.villages,
  grid: counts.grids,
  group: counts.groups,
};
const number = (value) => value.toLocaleString("en-US");

let browser;
let database;
let server;

before(async () => {
  database = loadCounty();
  server = await serve(database, "--open");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
});

test("the county is there, in figures that the files confirm", async () => {
  await visit(browser, server, "/", {}, async (page) => {
    await drawn(page, "grid");
    assert.equal(await page.locator("h1").textContent(), "临潭县");
    const figures = await page.locator(".figures dd").allInnerTexts();
    const shown = [counts.townships, counts.villages, counts.grids, counts.groups, counts.houses];
    const people = [counts.grid_leaders, counts.mediators, counts.committees, counts.judge_stations];
    for (const figure of [...shown, ...people]) assert.ok(figures.includes(number(figure)), `${figure} in ${figures}`);
    const rate = await page.locator(".rate").textContent();
    assert.match(rate, new RegExp(`95\\.41 %${counts.resolved} 已化解，共 ${counts.disputes} 起`));
    assert.match(await page.locator(".banner").textContent(), /虚构/);
  });
});

test("each level has its own areas, colours and numbers", async () => {
  await visit(browser, server, "/", {}, async (page) => {
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

test("a click on a home's place reads who answers there", async () => {
  for (const house of [houses[12_345], houses[49_999]]) {
    const { codes, leader, committee, mediators } = whoAnswersAt(house);
    await visit(browser, server, `/?map=${house.lon},${house.lat},17`, {}, async (page) => {
      await drawn(page, "grid");
      await clickMiddle(page);
      await answer(page).locator(".chain").waitFor();
      assert.deepEqual(await page.locator(".path .code").allInnerTexts(), codes);
      assert.equal(await page.locator(".first .who").textContent(), leader);
      const chain = await page.locator(".chain .who").allInnerTexts();
      assert.equal(chain.length, 5);
      assert.deepEqual(chain.slice(1, 3), [leader, committee]);
      const named = await page.locator(".mediators .who").allInnerTexts();
      assert.ok(named.length > 0);
      for (const name of named) assert.ok(mediators.includes(name), `${name} of ${mediators}`);

      await page.locator(".answer .close").click();
      await page.locator("canvas").focus();
      await page.keyboard.press("Enter");
      await answer(page).locator(".chain").waitFor();
      assert.equal(await page.locator(".first .who").textContent(), leader, "Enter asks in the middle of the map");
    });
  }
});

test("a coordinate is pasted and asked for without a pointer, in any frame", async () => {
  const house = houses[20_000];
  const [lon, lat] = [Number(house.lon), Number(house.lat)];
  await visit(browser, server, "/", {}, async (page) => {
    const box = page.getByRole("textbox", { name: "此处谁负责" });
    await box.focus();
    await page.keyboard.insertText(`北纬${lat}°，东经${lon}°`);
    await page.keyboard.press("Enter");
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator(".path .code").last().textContent(), house.group_code);

    const shifted = toGcj02(lon, lat);
    await page.locator("select[name=frame]").selectOption("gcj02");
    await box.fill(`${shifted.lat.toFixed(7)} ${shifted.lon.toFixed(7)}`);
    await page.keyboard.press("Enter");
    await page.locator(".position", { hasText: lon.toFixed(5).slice(0, -1) }).waitFor();
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator(".path .code").last().textContent(), house.group_code);
    assert.match(page.url(), /crs=gcj02/);

    await page.goBack();
    await page.locator('select[name=frame]:has(option[value="wgs84"]:checked)').waitFor();
  });
});

test("what is no coordinate gets a sentence, and nothing is lost", async () => {
  await visit(browser, server, "/?at=abc&map=1,2&level=nowhere&lang=fr", {}, async (page) => {
    await drawn(page, "grid");
    const box = page.locator("#place");
    for (const text of ["", "城关镇", "521334, 3845112", "9".repeat(10_000), "<script>alert(1)</script>"]) {
      await box.fill(text);
      await page.keyboard.press("Enter");
      await page.locator(".hint.fault").waitFor();
      assert.equal(await box.inputValue(), text);
    }
    assert.equal(await page.locator(".answer").count(), 0);
  });
});

test("outside the county the nearest ground is named", async () => {
  await visit(browser, server, "/?at=104.5,35.5&lang=en", {}, async (page) => {
    await answer(page).getByText("No grid covers this place.").waitFor();
    assert.match(await answer(page).textContent(), /\d+\.\d km away/);
  });
});

test("an accuracy that reaches over the edge is not certain", async () => {
  const [lon, lat] = [103.230908, 34.940389];
  await visit(browser, server, `/?at=${lon},${lat}&accuracy=10&lang=en`, {}, async (page) => {
    await answer(page).locator(".doubt").waitFor();
    assert.ok((await page.locator(".doubt li").count()) >= 2, "three grids meet here");
  });
});

test("disputes lie over the map as heat when asked for", async () => {
  await visit(browser, server, "/?level=township", {}, async (page) => {
    await drawn(page, "township");
    const before = await page.locator(".canvas").screenshot();
    await page.locator(".toggle span").click();
    await page.locator(".heat-ramp").waitFor();
    await page.waitForTimeout(1500);
    assert.notDeepEqual(await page.locator(".canvas").screenshot(), before);
    assert.match(page.url(), /heat=1/);
  });
});

test("both languages say everything", async () => {
  await visit(browser, server, `/?at=${houses[0].lon},${houses[0].lat}`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await page.getByRole("button", { name: "Switch to English" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    const headings = await page.locator("h1, h3, legend, .hint, .levels span, .toggle span").allInnerTexts();
    assert.ok(headings.length > 10);
    assert.doesNotMatch(headings.join(" "), /\p{Script=Han}/u);
    assert.match(page.url(), /lang=en/);
  });
});

test("a name with HTML in it stays text", async () => {
  const name = "<img src=/none onerror=\"document.title='run'\"><b>县</b>";
  const withName = async (route) => {
    const response = await route.fetch();
    const region = await response.json();
    await route.fulfill({ response, json: { ...region, names: { zh: name, en: name } } });
  };
  await visit(browser, server, "/", { before: (page) => page.route("**/api/region", withName) }, async (page) => {
    await page.getByText("<img src=/none").waitFor();
    assert.equal(await page.locator("h1").textContent(), name);
    assert.equal(await page.locator("h1 *").count(), 0);
  });
});

test("a server that fails, talks nonsense or is away is said, and asked again", async () => {
  const answers = [
    (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"title":"a fault"}' }),
    (route) => route.fulfill({ status: 200, contentType: "application/json", body: '{"revision":"seven"}' }),
    (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>proxy</h1>" }),
    (route) => route.abort(),
  ];
  const place = `/?at=${houses[0].lon},${houses[0].lat}&lang=en`;
  const failing = async (route) => (answers.length ? answers.shift()(route) : route.continue());
  const options = { before: (page) => page.route("**/api/locate?*", failing) };
  const walk = async (page) => {
    for (const sentence of [/fault of its own/, /could not be read/, /could not be read/, /does not answer/]) {
      await page.locator(".answer .trouble", { hasText: sentence }).waitFor();
      await page.locator(".answer .trouble button").click();
    }
    await answer(page).locator(".chain").waitFor();
  };
  await visit(browser, server, place, options, walk, /^Failed to load resource/);
});

test("without WebGL the page says so and still answers", async () => {
  const flat = await launch("--disable-3d-apis");
  const house = houses[40_000];
  try {
    await visit(flat, server, `/?at=${house.lon},${house.lat}&lang=en`, {}, async (page) => {
      await page.getByText("This browser cannot draw the map").waitFor();
      await answer(page).locator(".chain").waitFor();
      assert.equal(await page.locator(".first .who").textContent(), whoAnswersAt(house).leader);
    });
  } finally {
    await flat.close();
  }
});

test("on a phone the answer comes into sight and nothing is cut off", async () => {
  const house = houses[30_000];
  const phone = { width: 390, height: 844 };
  await visit(browser, server, `/?map=${house.lon},${house.lat},16`, phone, async (page) => {
    await drawn(page, "grid");
    await clickMiddle(page);
    await answer(page).locator(".chain").waitFor();
    const { leader } = whoAnswersAt(house);
    assert.equal(await page.locator(".first .who").textContent(), leader);
    await page.waitForTimeout(300);
    const box = await page.locator(".first .who").boundingBox();
    assert.ok(box.y > 0 && box.y + box.height < 844, `the leader's name is at ${box.y}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
});

test("the public is told no dispute's place and sees no banner", async () => {
  const closed = await serve(database);
  try {
    await visit(browser, closed, "/?heat=1", {}, async (page) => {
      await drawn(page, "grid");
      assert.equal(await page.locator(".banner").count(), 0);
      await page.getByText("95.41 %").waitFor();
      const shown = await page.locator(".legend").textContent();
      assert.doesNotMatch(shown, /\b[1-4]–/, "a grid with fewer than five homes is not told");
    });
  } finally {
    closed.stop();
  }
});

test("the page in every dress, to be looked at", async () => {
  const place = `level=village&heat=1&at=${houses[0].lon},${houses[0].lat}&accuracy=30`;
  const dresses = [
    { lang: "zh", theme: "light", query: "level=grid" },
    { lang: "en", theme: "light", query: place },
    { lang: "zh", theme: "dark", query: place },
    { lang: "en", theme: "dark", query: "level=grid" },
  ];
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ]) {
    for (const { lang, theme, query } of dresses) {
      await visit(browser, server, `/?lang=${lang}&${query}`, { width, height, theme }, async (page) => {
        await drawn(page, query === place ? "village" : "grid");
        if (query === place) await answer(page).locator(".chain").waitFor();
        await shoot(page, `${width}-${theme}-${lang}`);
      });
    }
  }
});
