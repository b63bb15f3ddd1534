/** The dispatcher's task: who answers at this place; and what holds for every view: language, faults, phones. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PNG } from "pngjs";
import { apiTypes, SCHEMA } from "./api_types.mjs";
import { answer, clickMiddle, drawn, launch, pixels, visit } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, houses, leaders, mediators, number, toGcj02, whoAnswersAt } from "./fixtures.mjs";

const here = county();

test("the page's types are those of the server's OpenAPI", async () => {
  assert.equal(readFileSync(SCHEMA, "utf8"), await apiTypes(), "run `make api-types`");
});

test("the county is there, in figures that the files confirm", async () => {
  await here.visit("/?view=locate", {}, async (page) => {
    await page.locator(".about summary").click();
    const figures = await page.locator(".figures dd").allInnerTexts();
    const shown = [counts.townships, counts.villages, counts.grids, counts.groups, counts.houses];
    const people = [counts.grid_leaders, counts.mediators, counts.committees, counts.judge_stations];
    for (const figure of [...shown, ...people]) assert.ok(figures.includes(number(figure)), `${figure} in ${figures}`);
    assert.match(await page.locator(".banner").textContent(), /虚构/);
  });
});

test("a click on a home's place reads who answers there", async () => {
  for (const house of [houses[12_345], houses[49_999]]) {
    const { codes, leader, committee, mediators } = whoAnswersAt(house);
    await here.visit(`/?view=locate&map=${house.lon},${house.lat},17`, {}, async (page) => {
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
  await here.visit("/?view=locate", {}, async (page) => {
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

/** Where the map looks, as its address says: degrees, and pixels to a degree of longitude. */
async function camera(page) {
  await page.waitForURL(/[?&]map=/);
  const [lon, lat, zoom] = new URL(page.url()).searchParams.get("map").split(",").map(Number);
  return { lon, lat, zoom, perDegree: (512 * 2 ** zoom) / 360 };
}

/** The box of the ground with a code: west, south, east, north. */
async function groundOf(code) {
  const answer = await fetch(`${here.server.url}/api/collections/grids/items?code=${code}`);
  const [{ geometry }] = (await answer.json()).features;
  const all = geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2);
  const side = (pick, n) => pick(...all.map((position) => position[n]));
  return [side(Math.min, 0), side(Math.min, 1), side(Math.max, 0), side(Math.max, 1)];
}

/** The map looks at all of a box, and not from much farther off than needed. */
async function looksAt(page, [west, south, east, north], middle) {
  const { lon, lat, perDegree } = await camera(page);
  const { width, height } = await page.locator(".canvas").boundingBox();
  const [halfWide, halfHigh] = [width / 2 / perDegree, (height / 2 / perDegree) * Math.cos((lat * Math.PI) / 180)];
  assert.ok(lon - halfWide < west && east < lon + halfWide, `${west} to ${east} in ${lon} ± ${halfWide}`);
  assert.ok(lat - halfHigh < south && north < lat + halfHigh, `${south} to ${north} in ${lat} ± ${halfHigh}`);
  const filled = Math.max((east - west) / halfWide, (north - south) / halfHigh) / 2;
  assert.ok(filled > (middle ? 0.2 : 0.5), `it fills ${filled} of the map`);
  if (middle) assert.ok(Math.hypot(lon - middle[0], lat - middle[1]) < halfHigh / 5, "the place is in the middle");
}

test("what is found is gone to, wherever one was, and the link shows the same", async () => {
  const house = houses[20_000];
  const code = house.group_code.slice(0, 15);
  const far = "map=103.9,34.2,13";
  await here.visit(`/?${far}&lang=en`, {}, async (page) => {
    await drawn(page, "grid");
    const find = async (text, n = 0) => {
      const before = page.url();
      await page.keyboard.press("Control+k");
      await page.keyboard.insertText(text);
      await page.locator("#found [role=option]").nth(n).waitFor();
      for (let step = 0; step < n; step++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      const map = (url) => new URL(url).searchParams.get("map");
      await page.waitForURL((url) => map(url) !== map(before));
    };
    await find(code.slice(0, 12));
    await looksAt(page, await groundOf(code.slice(0, 12)));
    await find(code);
    await looksAt(page, await groundOf(code));
    await page.locator(".breadcrumb [aria-current]").waitFor();

    await find(code.slice(0, 9));
    const shifted = toGcj02(Number(house.lon), Number(house.lat));
    await find(`${shifted.lon.toFixed(7)},${shifted.lat.toFixed(7)}`, 1);
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator(".path .code").last().textContent(), house.group_code);
    assert.equal(new URL(page.url()).searchParams.get("level"), "village", "in a township villages are shown");
    await looksAt(page, await groundOf(code.slice(0, 12)), [Number(house.lon), Number(house.lat)]);

    const seen = await camera(page);
    await page.goto(page.url());
    await answer(page).locator(".chain").waitFor();
    await page.locator(".canvas[data-coloured]").waitFor();
    assert.deepEqual(await camera(page), seen);
  });
});

test("what is no coordinate gets a sentence, and nothing is lost", async () => {
  await here.visit("/?view=locate&at=abc&map=1,2&level=nowhere&lang=fr&metric=x&classes=y&off=z", {}, async (page) => {
    await drawn(page, "grid");
    const box = page.locator("#place");
    const link = "https://map.baidu.com/@11507800,4123000,13z";
    const texts = ["", "521334, 3845112", "9".repeat(10_000), "<script>alert(1)</script>", "1.11,2.22,3.33", link];
    for (const text of texts) {
      await box.fill("103.38");
      await page.keyboard.press("Enter");
      await page.locator(".hint.fault", { hasText: "没有找到" }).waitFor();
      await box.fill(text);
      await page.keyboard.press("Enter");
      const fault = page.locator(".hint.fault");
      if (!text.startsWith("<")) await fault.filter({ hasNotText: "没有找到" }).waitFor();
      assert.equal(await box.inputValue(), text);
    }
    assert.equal(await page.locator(".answer").count(), 0);
    // Nor does an answer to another place stand under what was not understood, were it a link's.
    await page.goto(`${here.server.url}/?at=${houses[0].lon},${houses[0].lat}`);
    await answer(page).locator(".chain").waitFor();
    await box.fill("500, 900");
    await page.keyboard.press("Enter");
    await page.locator(".hint.fault").waitFor();
    assert.equal(await page.locator(".answer").count(), 0);
  });
});

test("the box takes whatever says where: words, links, names, persons, pinyin; and says how a link was taken", async () => {
  const house = houses[20_000];
  const leader = leaders.find((one) => one.grid_code === house.group_code.slice(0, 15));
  const shifted = toGcj02(Number(house.lon), Number(house.lat));
  const [lon, lat] = [shifted.lon.toFixed(6), shifted.lat.toFixed(6)];
  await here.visit("/?view=locate&lang=en", {}, async (page) => {
    await drawn(page, "grid");
    const box = page.locator("#place");
    const put = async (text) => {
      await box.fill(text);
      await page.keyboard.press("Enter");
    };
    const isHere = async () => {
      await answer(page).locator(".chain").waitFor();
      assert.equal(await page.locator(".path .code").last().textContent(), house.group_code);
      await page.locator(".answer .close").click();
    };
    await put(`https://uri.amap.com/marker?position=${lon},${lat}&name=x`);
    await isHere();
    await put(`https://www.google.com/maps/@${lat},${lon},15z`);
    await page.getByText("Taken as AMap, Tencent (GCJ-02)").waitFor();
    await isHere();
    await put(`geo:${house.lat},${house.lon}`);
    await isHere();
    await put(`城关镇 ${house.lon},${house.lat} 门口`);
    await isHere();
    // What was asked for by its coordinate is among the last look-ups.
    await page.keyboard.press("Control+k");
    await page
      .locator("#found [role=option]", { hasText: `${Number(house.lon)}, ${Number(house.lat)}` })
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    // One grid is answered for; what holds many shows its figures.
    const grid = house.group_code.slice(0, 15);
    await put(grid);
    await page.locator(".place-found button", { hasText: grid }).first().click();
    await answer(page).locator(".path .code", { hasText: grid }).first().waitFor();
    assert.ok((await answer(page).locator(".first .who").innerText()).includes(leader.name));
    await page.locator(".answer .close").click();
    for (const [text, found] of [
      [leader.name, leader.phone],
      ["cgz", "城关镇"],
      ["城關鎮", "城关镇"],
    ]) {
      await put(text);
      await page.locator(".place-found button", { hasText: found }).first().waitFor();
    }
    await page.locator(".place-found button").first().click();
    await page.locator(".breadcrumb [aria-current]").waitFor();
    await page.keyboard.press("Control+k");
    await page.locator("#found [role=option]", { hasText: "城关镇" }).waitFor();
    assert.doesNotMatch(page.url(), /%E5|leader|phone/);
    await page.getByRole("button", { name: /Clear recent/ }).click();
    await page.locator("#found [role=option]").waitFor({ state: "detached" });
  });
});

test("a place outside is said to be, the county stays in view, and the other order is offered", async () => {
  await here.visit("/?lang=en", {}, async (page) => {
    await drawn(page, "grid");
    await page.keyboard.press("3");
    const ask = async (text) => {
      await page.locator("#place").fill(text);
      await page.keyboard.press("Enter");
      await answer(page).getByText("This place is not in Lintan County.").waitFor();
    };
    await ask("104.5, 35.5");
    assert.match(await answer(page).textContent(), /\d+\.\d km outside its border/);
    await ask("0 0");
    assert.equal(await answer(page).locator(".trouble").count(), 0);
    await looksAt(page, await groundOf("623021"));
    const { lon, lat } = houses[20_000];
    await ask(`lon=${lat} lat=${Number(lon) - 70}`);
    assert.equal(
      await answer(page)
        .getByText(/Did you mean/)
        .count(),
      0,
    );
  });
  const { lon, lat, group_code } = houses[20_000];
  await here.visit(`/?view=locate&at=${lat},${lon}&lang=en`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator(".path .code").last().textContent(), group_code, "a link with latitude first");
  });
});

test("a link that names the place alone goes to its grid", async () => {
  const { lon, lat, group_code } = houses[20_000];
  await here.visit(`/?view=locate&at=${lon},${lat}`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    await drawn(page, "grid");
    // Where it looks is written down with the next move.
    for (const key of ["+", "-"]) await page.keyboard.press(key);
    await looksAt(page, await groundOf(group_code.slice(0, 15)), [Number(lon), Number(lat)]);
  });
});

test("degrees stand at the edge of the map, and nowhere while it moves", async () => {
  const far = "/?level=township&theme=light&map=105.2,35.9,13";
  await here.visit(far, {}, async (page) => {
    await page.locator(".canvas[data-shown]").waitFor();
    // Out there is nothing dark but the degrees, once the controls are gone.
    await page.locator(".switches, .legend, .zoom, .maplibregl-control-container, .map-waiting").evaluateAll((all) => {
      for (const one of all) one.style.visibility = "hidden";
    });
    const nDark = async () => {
      const { data } = PNG.sync.read(await page.locator(".canvas").screenshot());
      return data.filter((value, n) => n % 4 === 0 && value < 170).length;
    };
    for (const until = Date.now() + 30_000; (await nDark()) === 0 && Date.now() < until; );
    assert.ok((await nDark()) > 20, "at rest there are degrees");
    // As long as the button is held the map moves.
    await page.mouse.move(900, 400);
    await page.mouse.down();
    await page.mouse.move(780, 300, { steps: 6 });
    assert.equal(await nDark(), 0, "on the way there are none");
    await page.mouse.up();
    for (const until = Date.now() + 30_000; (await nDark()) === 0 && Date.now() < until; );
    assert.ok((await nDark()) > 20, "at rest again there are degrees");
  });
});

test("whom to call is called by one press, and the copied answer has the number too", async () => {
  const house = houses[12_345];
  const { leader } = whoAnswersAt(house);
  const { phone } = leaders.find((one) => one.name === leader);
  const before = async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => (window.copied = text) } });
    });
  };
  const { lon, lat } = toGcj02(Number(house.lon), Number(house.lat));
  const asked = `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
  await here.visit(`/?at=${asked.replace(" ", "")}&crs=gcj02&lang=en`, { before }, async (page) => {
    await answer(page).locator(".chain").waitFor();
    assert.match(await page.locator(".answer .as-of").innerText(), /^Data of \d{4}-\d\d-\d\d \d\d:\d\d \(revision \d+/);
    // What lies beyond the edge has a name, not a bare code.
    await page.locator(".edge", { hasText: /next to .*(村|社区)/ }).waitFor();
    assert.equal(await page.locator(".first a.phone").getAttribute("href"), `tel:${phone.replaceAll("-", "")}`);
    assert.ok((await page.locator(".chain a.phone").count()) >= 2);
    await page.getByRole("button", { name: "Copy answer" }).click();
    const copied = await page.evaluate(() => window.copied);
    assert.ok(copied.includes(`${leader} ${phone}`), copied);
    const near = await page.locator(".mediators li").evaluateAll((all) =>
      all.map((one) => ({
        name: one.querySelector(".who").textContent,
        dialled: one.querySelector("a.phone").getAttribute("href"),
      })),
    );
    assert.ok(near.length > 0);
    for (const { name, dialled } of near) {
      const { phone } = mediators.find((one) => one.name === name);
      assert.equal(dialled, `tel:${phone.replaceAll("-", "")}`);
      assert.ok(copied.includes(`${name} ${phone}`), copied);
    }
    assert.ok(copied.startsWith(`${asked.replace(/0+(?=,|$)/g, "")} (AMap, Tencent (GCJ-02))`), copied);
    await page.getByRole("button", { name: "Copy · AMap" }).click();
    assert.equal(await page.evaluate(() => window.copied), copied.split(" (")[0], "as it came, for pasting back");
  });
});

const isSelection = (r, g, b) => Math.abs(r - 163) < 20 && Math.abs(g - 19) < 30 && Math.abs(b - 94) < 30;

test("how far off a place may be is a circle around it, in metres on the ground", async () => {
  const { lon, lat } = houses[20_000];
  const pixelM = (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** 17);
  await here.visit(`/?at=${lon},${lat}&accuracy=100&map=${lon},${lat},17`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    await drawn(page, "grid");
    const { width, height, found } = await pixels(page, 200, isSelection);
    /** How many pixels of it are 100 m from the middle, in each eighth of the way round. */
    const eighths = Array(8).fill(0);
    for (const [x, y] of found) {
      const [east, south] = [x - width / 2, y - height / 2];
      if (Math.abs(Math.hypot(east, south) * pixelM - 100) < 2)
        eighths[Math.floor((Math.atan2(south, east) / Math.PI + 1) * 3.999)]++;
    }
    assert.ok(
      eighths.every((n) => n > 20),
      String(eighths),
    );
  });
});

test("the other order of two numbers is asked for by one press, where it falls inside", async () => {
  const elsewhere = async (route) => {
    const response = await route.fetch();
    if (response.status() === 304) return route.fulfill({ response });
    await route.fulfill({ response, json: { ...(await response.json()), bbox: [75.5, 39, 76.5, 40] } });
  };
  const before = (page) => page.route("**/api/region", elsewhere);
  await here.visit("/?view=locate&lang=en", { before }, async (page) => {
    await page.locator(".brand h1", { hasText: "Lintan" }).waitFor();
    await page.locator("#place").fill("lon=39.47 lat=75.99");
    await page.keyboard.press("Enter");
    await answer(page).getByRole("button", { name: "longitude 75.99, latitude 39.47" }).click();
    await page.waitForURL(/at=75\.99,39\.47/);
  });
});

test("an accuracy that reaches over the edge is not certain", async () => {
  const [lon, lat] = [103.230908, 34.940389];
  await here.visit(`/?at=${lon},${lat}&accuracy=10&lang=en`, {}, async (page) => {
    await answer(page).locator(".doubt").waitFor();
    const rows = page.locator(".candidates li");
    assert.ok((await rows.count()) >= 2, "three grids meet here");
    for (const row of await rows.allInnerTexts()) assert.match(row, /第\d+网格[\s\S]*Grid leader[\s\S]*000-0000-\d+/);
    await page.waitForFunction(() => document.querySelectorAll(".candidates a.phone").length >= 2);
  });
});

test("both languages say everything", async () => {
  await here.visit(`/?at=${houses[0].lon},${houses[0].lat}`, {}, async (page) => {
    await answer(page).locator(".chain").waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await page.getByRole("button", { name: "Switch to English" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    const headings = await page.locator("h1, h2, legend, .hint, .choices span, .label-text").allInnerTexts();
    assert.ok(headings.length > 10);
    assert.doesNotMatch(headings.join(" "), /\p{Script=Han}/u);
    assert.match(page.url(), /lang=en/);
  });
});

test("names with HTML in them, and endless ones, stay text", async () => {
  const name = "<img src=/none onerror=\"document.title='run'\"><b>县</b>";
  const endless = `<i>${"长".repeat(10_000)}</i>`;
  const withNames = (change) => async (route) => {
    const response = await route.fetch();
    if (response.status() === 304) return route.fulfill({ response });
    await route.fulfill({ response, json: change(await response.json()) });
  };
  const before = async (page) => {
    const region = (json) => ({ ...json, names: { zh: name, en: name } });
    const rows = (json) => ({ ...json, rows: json.rows.map((row, n) => ({ ...row, name: n % 2 ? name : endless })) });
    await page.route("**/api/region", withNames(region));
    await page.route("**/api/coverage?*", withNames(rows));
  };
  await here.visit("/?level=township", { before }, async (page) => {
    await page.locator(".ranking tbody tr").first().waitFor();
    assert.equal(await page.locator("h1").textContent(), name);
    assert.equal(await page.locator("h1 *, .ranking img, .ranking b, .ranking i").count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
    assert.ok((await page.locator(".ranking tbody tr").first().boundingBox()).height < 200);
    assert.doesNotMatch(await page.title(), /^run/);
  });
});

/** In an outage a search waits, and does not say once more what the page says already. */
async function searchingWaits(page) {
  await page.route("**/api/search?*", (route) => route.abort());
  const isFailed = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/search"));
  await page.locator("#search").fill("城关");
  await isFailed;
  await page.waitForTimeout(200);
  await page.locator(".found.none", { hasText: "Loading" }).waitFor();
  const texts = await page.getByText("does not answer").count();
  assert.equal(texts, 1, "no sentence twice");
  await page.unroute("**/api/search?*");
  await page.locator("#search").fill("");
}

test("a server that fails, talks nonsense or is away is said once, and asked again by itself", async () => {
  const problem = (status) => (route) =>
    route.fulfill({ status, contentType: "application/problem+json", body: '{"title":"a fault"}' });
  const faults = [
    [/had an error/, problem(500)],
    [/could not be read/, (route) => route.fulfill({ contentType: "application/json", body: '{"rows":7}' })],
    [/could not be read/, (route) => route.fulfill({ contentType: "text/html", body: "<h1>proxy</h1>" })],
    [/does not answer/, problem(503)],
    [/does not answer/, (route) => route.abort()],
  ];
  const place = `/?at=${houses[0].lon},${houses[0].lat}&lang=en`;
  const views = [
    ["**/api/locate?*", place, (page) => answer(page).locator(".chain").waitFor()],
    ["**/api/coverage?*", "/?level=township&lang=en", (page) => page.locator(".ranking tbody tr").first().waitFor()],
  ];
  for (const [asked, query, isHere] of views) {
    let answers = faults[0][1];
    const before = (page) => page.route(asked, (route) => answers(route));
    const walk = async (page) => {
      for (const [sentence, fault] of faults) {
        answers = fault;
        await page.locator(".outage", { hasText: sentence }).waitFor();
        assert.equal(await page.locator(".trouble").count(), 1, "no sentence twice");
      }
      await searchingWaits(page);
      // It stays away till the button was pressed: once it is back, the button may be gone first.
      const isAsked = page.waitForRequest(asked);
      await page.locator(".outage button").click();
      await isAsked;
      answers = (route) => route.continue();
      await isHere(page);
      await page.locator(".outage").waitFor({ state: "detached" });
    };
    await here.visit(query, { before }, walk, /^Failed to load resource/);
  }
});

test("what failed is asked for again as soon as the device is online", async () => {
  const before = (page) =>
    page.route("**/api/coverage?*", (route) =>
      route.fulfill({ status: 503, headers: { "retry-after": "50" }, body: "" }),
    );
  await here.visit(
    "/?level=township&lang=en",
    { before },
    async (page) => {
      await page.locator(".outage").waitFor();
      // Whatever is not asked again for 50 s was asked by then.
      await page.waitForTimeout(1500);
      const isAsked = page.waitForRequest("**/api/coverage?*", { timeout: 5000 });
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await isAsked;
    },
    /^Failed to load resource/,
  );
});

for (const wanted of ["tiles/WebMercatorQuad?", "items?level=township", "tiles/WebMercatorQuad/"]) {
  test(`areas that do not come are said beside their figures, and asked for again: ${wanted}`, () => areasAway(wanted));
}

async function areasAway(wanted) {
  let away = true;
  const before = (page) =>
    page.route(new RegExp(`/grids/${wanted.replace("?", "[?]")}`), (route) =>
      away ? route.abort() : route.continue(),
    );
  await here.visit(
    "/?level=township&lang=en",
    { before },
    async (page) => {
      await page.locator(".outage", { hasText: "does not answer" }).waitFor();
      await page
        .locator(".ranking tbody tr")
        .nth(counts.townships - 1)
        .waitFor();
      away = false;
      await drawn(page, "township");
      assert.equal(await page.locator(".outage").count(), 0);
    },
    /^Failed to load resource/,
  );
}

test("without WebGL the page says so and still answers", async () => {
  const flat = await launch("--disable-3d-apis");
  const house = houses[40_000];
  try {
    await visit(flat, here.server, `/?at=${house.lon},${house.lat}&lang=en`, {}, async (page) => {
      await page.getByText("This browser cannot draw the map").waitFor();
      await answer(page).locator(".chain").waitFor();
      assert.equal(await page.locator(".first .who").textContent(), whoAnswersAt(house).leader);
      // The table is the way in: to an area, into it, and sorted.
      await page.keyboard.press("1");
      await page.locator(".ranking tbody tr .link").first().press("Enter");
      await page.locator(".breadcrumb [aria-current]").waitFor();
      await page.locator(".ranking tbody tr").first().waitFor();
    });
  } finally {
    await flat.close();
  }
});

for (const phone of [
  { width: 390, height: 844 },
  { width: 320, height: 568 },
])
  test(`on a phone of ${phone.width} px the answer comes into sight and nothing is cut off`, async () => {
    const house = houses[30_000];
    await here.visit(`/?view=locate&map=${house.lon},${house.lat},16`, phone, async (page) => {
      await drawn(page, "grid");
      await clickMiddle(page);
      await answer(page).locator(".chain").waitFor();
      const { leader } = whoAnswersAt(house);
      assert.equal(await page.locator(".first .who").textContent(), leader);
      const box = await page.locator(".first .who").boundingBox();
      assert.ok(box.y > 0 && box.y + box.height < phone.height, `the leader's name is at ${box.y}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), phone.width);
    });
  });
