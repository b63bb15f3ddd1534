/** Screen, tooltip, legend, ranking, picture, paper and file: a stranger who has all of them finds no two that differ. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { clickMiddle, drawn } from "./browser.mjs";
import { county } from "./county.mjs";
import { counts, homesByGrid, houses } from "./fixtures.mjs";
import { serve } from "./server.mjs";

const here = county();

const TOWNSHIP = houses[0].group_code.slice(0, 9);

/** Notes every text that a picture is written with, and on which of its pixels. */
const penned = (page) =>
  page.addInitScript(() => {
    window.penned = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const unit = this.getTransform().a;
      window.penned.push({ text, x: x * unit, y: y * unit, unit });
      return write.call(this, text, x, y);
    };
  });

async function saved(page, name) {
  const button = page.getByRole("button", { name, exact: true });
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

async function pictureTexts(page) {
  await page.evaluate(() => (window.penned.length = 0));
  const { name, bytes } = await saved(page, "PNG");
  const written = await page.evaluate(() => window.penned);
  return { name, bytes, written, texts: written.map(({ text }) => text) };
}

/** How many pixels there are of each colour in the mark before a text of the legend. */
function coloursOfMark({ png, written }, text) {
  const { x, y, unit } = written.find((one) => one.text === text);
  const found = new Map();
  for (let row = Math.ceil(y - 6 * unit); row < y + 6 * unit; row++) {
    for (let column = Math.ceil(x - 27 * unit); column < x - 7 * unit; column++) {
      const at = 4 * (row * png.width + column);
      const rgb = png.data.subarray(at, at + 3).join(", ");
      found.set(rgb, (found.get(rgb) ?? 0) + 1);
    }
  }
  return found;
}

/** Each mark of the picture has the colours of the screen; gives how many have a pattern. */
async function marksAgree(page, { bytes, written }) {
  const png = PNG.sync.read(bytes);
  const swatches = await page.locator(".legend .swatch:not(.dot) + .span").evaluateAll((all) =>
    all.map((one) => {
      const { backgroundColor, backgroundImage } = getComputedStyle(one.previousElementSibling);
      const colours = `${backgroundColor} ${backgroundImage}`.matchAll(/rgb\((.+?)\)/g);
      return { text: one.textContent, colours: [...new Set([...colours].map(([, rgb]) => rgb))] };
    }),
  );
  for (const { text, colours } of swatches) {
    const found = coloursOfMark({ png, written }, text);
    for (const colour of colours) {
      const least = colours.length === 1 ? 40 * 24 : 20;
      assert.ok(found.get(colour) >= least, `${text}: ${colour} of ${[...found].join(" | ")}`);
    }
  }
  assert.ok(swatches.length > 1);
  return swatches.filter(({ colours }) => colours.length > 1).length;
}

/** The rows of a file by the stable names of its columns. */
function table({ bytes }) {
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], "a byte order mark");
  const [head, ...lines] = bytes.subarray(3).toString("utf8").trim().split("\r\n").map(cells);
  const names = head.map((one) => /\[(.+)\]$/.exec(one)?.[1]);
  assert.ok(names.every(Boolean), head.join());
  return { head, rows: lines.map((line) => Object.fromEntries(line.map((cell, n) => [names[n], cell]))) };
}

function cells(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}

/** The lines of the legend, with the class of each swatch. */
const legendOf = (page, within) =>
  page.locator(`${within} .span`).evaluateAll((all) =>
    all.map((one) => ({
      text: one.textContent,
      swatch: one.previousElementSibling.className,
      n: Number(one.nextElementSibling?.textContent.replace(",", "") ?? 0),
    })),
  );

const rankingOf = (page) =>
  page.locator(".ranking tbody tr").evaluateAll((all) =>
    all.map((row) => ({
      code: row.dataset.code,
      swatch: row.querySelector(".swatch").className,
      value: row.querySelector(".value").textContent.trim(),
    })),
  );

const paper = async (page) => {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  const found = { legend: await legendOf(page, ".paper-legend"), text: await page.locator(".print-only").innerText() };
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  return found;
};

async function agree(page, metric) {
  const [legend, ranking] = [await legendOf(page, ".legend"), await rankingOf(page)];
  const csv = await saved(page, "CSV");
  const file = table(csv);
  const picture = await pictureTexts(page);
  const printed = await paper(page);
  assert.equal(csv.name, picture.name.replace(/png$/, "csv"));
  const nPatterns = await marksAgree(page, picture);
  const texts = legend.map(({ text }) => text);
  assert.deepEqual(
    printed.legend.map(({ text }) => text),
    texts,
  );
  for (const text of texts) assert.ok(picture.texts.includes(text), `${text} in ${picture.texts}`);
  const title = (await page.locator(".legend-title").textContent()).trim();
  assert.ok(picture.texts.some((text) => text.endsWith(title)));
  assert.ok(printed.text.includes(title));
  for (const row of ranking) {
    const line = file.rows.find(({ code }) => code === row.code);
    assert.equal(line[metric], row.value, row.code);
    const inLegend = legend.find(({ text }) => text === line.class);
    assert.equal(inLegend?.swatch.trim(), row.swatch.trim(), `${line.class} of ${row.code}`);
  }
  for (const { text, n } of legend) assert.equal(file.rows.filter((row) => row.class === text).length, n, text);
  return { legend, ranking, file, picture, printed, nPatterns };
}

test("homes by the rule: the picture, the paper and the file have the limits of the screen", async () => {
  await here.visit("/?lang=en", { before: penned }, async (page) => {
    await drawn(page, "grid");
    const { legend, file, picture, printed, nPatterns } = await agree(page, "homes");
    assert.equal(nPatterns, 1, "the gravest class has dots");
    assert.deepEqual(
      legend.map(({ text }) => text),
      [
        "Under the floor · < 30",
        "Up to the target · 30–65",
        "Over the target · 66–120",
        "Over the ceiling · > 120",
        "Small area, as a circle",
      ],
    );
    assert.equal(picture.name.replace(/r\d+/, "r"), "Lintan-County-Homes-per-area-Grid_r.png");
    const day = await page.evaluate(() => new Date().toLocaleDateString("sv"));
    assert.ok(printed.text.includes(`Printed ${day}`), printed.text);
    assert.match(picture.texts.join("\n"), /Data of \d{4}-\d\d-\d\d \d\d:\d\d \(revision \d+, boundaries \d+\)/);
    // Every grid with the areas above it, and as many as there are.
    assert.equal(file.rows.length, counts.grids);
    for (const row of file.rows) assert.ok(row.code.startsWith(row.village_code) && row.township_name !== "", row.code);
    assert.match(file.head[0], /^County \[county_name\]$/);
    // Classes that are switched off are not in the file, unless all rows are asked for.
    await page.locator(".legend .class").first().click();
    assert.equal(table(await saved(page, "CSV")).rows.length, counts.grids - legend[0].n);
    assert.equal(table(await saved(page, "CSV, all 770 rows")).rows.length, counts.grids);
    assert.match((await pictureTexts(page)).texts.join("\n"), /Not shown: Under the floor · < 30/);
  });
});

test("the picture has two pixels for each of the screen, and afterwards the screen has one again", async () => {
  await here.visit("/?lang=en&level=township", {}, async (page) => {
    await drawn(page, "township");
    const sizes = () => page.locator(".canvas canvas").evaluate((map) => [map.width, map.height, map.clientWidth]);
    const before = await sizes();
    const { width, height, data } = PNG.sync.read((await saved(page, "PNG")).bytes);
    assert.equal(width, 2 * before[2]);
    // What is drawn anew has steps from light to dark within two pixels; what is only made larger has none.
    let nSharp = 0;
    const [from, to] = [0.3, 0.8].map((part) => 2 * Math.floor((part * width * height) / 2));
    for (let at = from; at < to; at += 2) nSharp += Math.abs(data[4 * at] - data[4 * (at + 1)]) > 60;
    assert.ok(nSharp > 2000, `${nSharp} sharp steps`);
    assert.deepEqual(await sizes(), before);
  });
});

test("rates that lie near: each is in the class that its text says, also under the pointer", async () => {
  const query = "/?view=hotspots&level=township&from=2024-07-01&to=2024-09-30&kind=dispute&lang=en";
  await here.visit(query, { before: penned }, async (page) => {
    await drawn(page, "township");
    const { legend, file, picture, printed } = await agree(page, "incidents");
    for (const row of file.rows) {
      const [least, most = least] = row.class.split("–").map(Number);
      const value = Number(row.incidents);
      if (row.class !== "None") assert.ok(value >= least && value <= most, `${row.incidents} in ${row.class}`);
      assert.equal(value.toFixed(2), ((100 * row.incidents_numerator) / row.incidents_denominator).toFixed(2));
    }
    assert.equal(new Set(legend.map(({ text }) => text)).size, legend.length);
    assert.equal(
      picture.name.replace(/r\d+/, "r"),
      "Lintan-County-Incidents-per-100-homes-Township_2024-07-01-–-2024-09-30_Disputes_r.png",
    );
    for (const said of ["2024-07-01 – 2024-09-30", "Disputes", "Classes: Natural breaks"]) {
      assert.ok(picture.texts.includes(said), `${said} in ${picture.texts}`);
      assert.ok(printed.text.includes(said), printed.text);
    }
    const box = await page.locator(".canvas").boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const [name, value] = await page.locator(".tooltip > :not(.aside)").allInnerTexts();
    const line = file.rows.find((row) => row.name === name);
    assert.ok(value.endsWith(` ${line.incidents}`), `${name}: ${value} is ${line.incidents}`);
  });
});

test("heat has a legend of its own, on the screen and in the picture, and no rates below it", async () => {
  await here.visit("/?view=hotspots&level=township&surface=heat&lang=en", { before: penned }, async (page) => {
    await drawn(page, "township");
    assert.equal(await page.locator(".legend-title").innerText(), "Density of incidents");
    assert.equal(await page.locator(".legend .class").count(), 0);
    assert.equal(await page.locator(".ranking .swatch").count(), 0);
    const { texts } = await pictureTexts(page);
    assert.ok(
      texts.includes("Lintan County · Density of incidents") && texts.includes("few") && texts.includes("many"),
    );
    assert.ok(!texts.some((text) => /–\d|\d–/.test(text) && !/^All time/.test(text)), texts.join(" | "));
  });
});

test("the grids of one township alone are in the list, the legend, the picture and the file, and a link says so", async () => {
  const within = [...homesByGrid().keys()].filter((code) => code.startsWith(TOWNSHIP));
  await here.visit("/?lang=en", { before: penned }, async (page) => {
    await drawn(page, "grid");
    await page.locator("[name=within]").selectOption(TOWNSHIP);
    await page.locator(".ranking h2", { hasText: `${within.length} / 770` }).waitFor();
    assert.match(page.url(), new RegExp(`within=${TOWNSHIP}`));
    await page.locator(".panel .hint", { hasText: "Figures of all of Lintan County" }).waitFor();
    const { legend, ranking, file, picture, printed } = await agree(page, "homes");
    const name = await page.locator("[name=within] option:checked").textContent();
    assert.ok(
      picture.texts.some((text) => text.includes(`Township: ${name}`)),
      picture.texts,
    );
    assert.ok(printed.text.includes(`Township: ${name}`));
    assert.ok(ranking.every(({ code }) => code.startsWith(TOWNSHIP)));
    assert.deepEqual(file.rows.map(({ code }) => code).sort(), within.sort());
    assert.equal(
      legend.reduce((sum, { n }) => sum + n, 0),
      within.length,
    );
    const all = await saved(page, "CSV, all 770 rows");
    assert.doesNotMatch(all.name, /Township/);
    assert.equal(table(all).rows.length, 770);
  });
  await here.visit(`/?lang=zh&view=hotspots&within=${TOWNSHIP}`, {}, async (page) => {
    await drawn(page, "grid");
    await page.locator(".ranking h2", { hasText: `${within.length} / 770` }).waitFor();
    // Where its parts are shown in full there is nothing to narrow.
    await page.keyboard.press("[");
    await page.keyboard.press("[");
    await page.locator(".ranking h2", { hasText: `${counts.townships} / ${counts.townships}` }).waitFor();
    assert.equal(await page.locator("[name=within]").count(), 0);
  });
});

test("paper has every row and every township, however few the screen has drawn", async () => {
  const over = [...homesByGrid()].filter(([, n]) => n > 120);
  await here.visit("/?lang=en&off=0,1,2&grouped=1", {}, async (page) => {
    await drawn(page, "grid");
    const townships = new Set(over.map(([code]) => code.slice(0, 9)));
    // On the screen every township is there by name, with its number and sum.
    assert.equal(await page.locator(".ranking .part").count(), townships.size);
    const drawnRows = page.locator(".ranking tr[data-code]");
    assert.ok((await drawnRows.count()) < over.length);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await drawnRows.count(), over.length);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.waitForFunction((n) => document.querySelectorAll(".ranking tr[data-code]").length < n, over.length);
  });
});

test("while a week is played the head, the ranking, the map's card and the picture are of that week", async () => {
  await here.visit("/?view=hotspots&level=village&lang=en", { before: penned }, async (page) => {
    await drawn(page, "village");
    for (let n = 0; n < 3; n++) await page.keyboard.press(".");
    const said = /2024-W0\d · week of 2024-01-\d\d/;
    await page.locator(".period", { hasText: said }).waitFor();
    const { ranking, file, picture } = await agree(page, "week");
    const total = Number(await page.locator(".total strong").innerText());
    assert.equal(
      file.rows.reduce((sum, row) => sum + Number(row.week), 0),
      total,
    );
    assert.ok(ranking.length > 0 && total < 20);
    assert.match(picture.texts.join("\n"), said);
    assert.doesNotMatch(await page.locator(".panel-body").innerText(), /305/);
    await clickMiddle(page);
    assert.match(await page.locator(".chosen-card .card-main").innerText(), /Incidents in the week · \d+ \/ [\d,]+/);
  });
});

test("what is withheld is nowhere 0, and a filter that the server ignores is not said to be in force", async () => {
  const closed = await serve(here.database);
  const open = here.server;
  here.server = closed;
  try {
    const query = "/?view=hotspots&level=grid&kind=dispute&from=2024-03-01&lang=en";
    await here.visit(query, { before: penned }, async (page) => {
      await drawn(page, "grid");
      const api = await (await page.request.get(`${closed.url}/api/hotspots?level=grid&by=week`)).json();
      const bars = await page.locator(".weeks title").evaluateAll((all) => all.map((one) => one.textContent));
      assert.deepEqual(
        bars.map((one) => /: (.+)$/.exec(one)[1]),
        api.total.by_week.map((n) => (n === null ? "Withheld" : String(n))),
      );
      assert.ok(bars.some((one) => one.endsWith("Withheld")));
      const { file, picture, printed, nPatterns } = await agree(page, "incidents");
      assert.equal(nPatterns, 1, "what is withheld is hatched");
      const withheld = new Set(api.rows.filter(({ incidents }) => incidents.withheld).map(({ code }) => code));
      assert.ok(withheld.size > 0);
      for (const row of file.rows) {
        if (withheld.has(row.code))
          assert.deepEqual([row.incidents, row.incidents_numerator], ["Withheld", "Withheld"]);
      }
      for (const text of [printed.text, picture.texts.join("\n"), await page.locator(".time").innerText()]) {
        assert.doesNotMatch(text, /2024-03-01|Dispute/);
      }
      await page.keyboard.press("p");
      assert.equal(await page.locator(".ranking h2", { hasText: "in the week" }).count(), 0);
    });
  } finally {
    here.server = open;
    closed.stop();
  }
});

test("no word stands over figures of another level while the server is away", async () => {
  const expected = /Failed to load resource/;
  await here.visit(
    "/?lang=en",
    {},
    async (page) => {
      await drawn(page, "grid");
      await page.route("**/api/coverage?*", (route) => route.abort());
      await page.keyboard.press("[");
      await page.locator(".trouble").first().waitFor();
      assert.equal(await page.locator("input[name=level]:checked").getAttribute("value"), "village");
      assert.equal(await page.locator(".card").first().isVisible(), false);
      for (const part of [".legend", ".ranking", ".exports"]) assert.equal(await page.locator(part).count(), 0, part);
      await page.keyboard.press("]");
      await page.locator(".ranking h2", { hasText: "770 grids" }).waitFor();
      assert.equal(await page.locator(".card").first().isVisible(), true);
    },
    expected,
  );
});

test("a filter that leaves nothing says so, and is cleared by one button", async () => {
  await here.visit("/?view=hotspots&level=township&kind=hazard&lang=en", {}, async (page) => {
    await page.locator(".total", { hasText: "No incidents with these filters." }).waitFor();
    assert.equal(await page.locator(".ranking").count(), 0);
    assert.ok((await page.locator("select option").allInnerTexts()).includes("Hazards (0)"));
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.locator(".total strong", { hasText: String(counts.disputes) }).waitFor();
    assert.doesNotMatch(page.url(), /kind=/);
  });
});

test("paper is light, has the map, its legend and the first rows on the first page, and the head of the table on each", async () => {
  await here.visit("/?lang=en", { theme: "dark" }, async (page) => {
    await drawn(page, "grid");
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
    assert.ok((await page.locator(".print-only canvas").boundingBox()).width > 300);
    assert.equal(await page.locator(".search").isVisible(), false);
    const swatch = page.locator(".ranking .swatch").first();
    assert.equal(await swatch.evaluate((one) => getComputedStyle(one).printColorAdjust), "exact");
    assert.equal(
      await page.locator(".ranking thead").evaluate((one) => getComputedStyle(one).display),
      "table-header-group",
    );
    // The first page of A4 at 96 dots an inch, less its margins.
    await page.setViewportSize({ width: 703, height: 1032 });
    const row = await page.locator(".ranking tbody tr").nth(1).boundingBox();
    assert.ok(row.y + row.height < 1032, `the second row ends at ${row.y + row.height}`);
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  });
});

/** The pages of a file, each as what is drawn on it, with the widths of its pictures. */
function pagesOf(pdf) {
  const text = pdf.toString("latin1");
  const object = (id) => {
    const from = text.indexOf(`\n${id} 0 obj`);
    const whole = text.slice(from, text.indexOf("endobj", from));
    return { head: whole.split("stream")[0], at: from + whole.indexOf("stream") + "stream\n".length };
  };
  return [...text.matchAll(/\/Type \/Page\n[\s\S]*?endobj/g)].map(([page]) => {
    const { head, at } = object(/\/Contents (\d+) 0 R/.exec(page)[1]);
    const length = Number(/\/Length (\d+)/.exec(head)[1]);
    const pictures = [...page.matchAll(/\/X\d+ (\d+) 0 R/g)].map(([, id]) => /\/Width (\d+)/.exec(object(id).head));
    return {
      drawn: inflateSync(pdf.subarray(at, at + length)).toString("latin1"),
      widths: pictures.filter(Boolean).map(([, width]) => Number(width)),
    };
  });
}

test("printed pages: the map is on the first, the head of the table on each, and an answer is one page alone", async () => {
  await here.visit("/?lang=en&level=village", {}, async (page) => {
    await drawn(page, "village");
    const more = page.locator(".ranking button", { hasText: "Show more" });
    while ((await more.count()) > 0) await more.click();
    await page.locator(".ranking thead th").evaluateAll((all) => {
      for (const one of all) one.style.background = "#112233";
    });
    const pages = pagesOf(await page.pdf({ format: "A4" }));
    assert.ok(pages.length > 2, `${pages.length} pages`);
    const nMaps = pages.map(({ widths }) => widths.filter((width) => width > 1000).length);
    assert.deepEqual(nMaps, [1, ...pages.slice(1).map(() => 0)]);
    for (const [n, { drawn }] of pages.entries()) assert.match(drawn, /\.0667 \.1333 \.2 rg/, `page ${n + 1}`);
  });
  // A place in doubt has the longest answer.
  await here.visit("/?at=103.230908,34.940389&accuracy=10&lang=en", {}, async (page) => {
    await page.locator(".answer .candidates").waitFor();
    await drawn(page, "grid");
    assert.equal(pagesOf(await page.pdf({ format: "A4" })).length, 1);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".answer .chain").isVisible());
    assert.deepEqual(
      await page.locator(".panel :is(form, button, input, select)").filter({ visible: true }).allInnerTexts(),
      [],
    );
  });
});
