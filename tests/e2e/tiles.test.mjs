/** What comes in vector tiles: homes and incidents one by one for those who may see them, and levels of many grids. */
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { drawn, pixels, visit } from "./browser.mjs";
import { county } from "./county.mjs";
import { disputes, houses } from "./fixtures.mjs";
import { loadLarge } from "./large.mjs";
import { serve } from "./server.mjs";

const here = county();

const isHome = (r, g, b) => g > r + 40 && g > b + 20;
const isReport = (r, g, b) => Math.abs(r - 143) < 12 && Math.abs(g - 29) < 12 && Math.abs(b - 16) < 12;
/** Where the left edge of the area in the middle runs, clear of its name and of what is told beside the pointer. */
const isLeftEdge = (r, g, b, east) => r < 90 && g < 105 && b < 115 && east > -70 && east < -45;
const isName = (r, g, b, east) => r < 70 && g < 90 && b < 100 && Math.abs(east) < 40;

/** How near pixels come to the middle of the map. */
function fromMiddle({ width, height, found }) {
  return Math.min(...found.map(([x, y]) => Math.hypot(x - width / 2, y - height / 2)));
}

test("a home is a dot where it stands, and the legend says so", async () => {
  const { lon, lat } = houses[20_000];
  await here.visit(`/?level=grid&map=${lon},${lat},17`, {}, async (page) => {
    await drawn(page, "grid");
    const near = fromMiddle(await pixels(page, 20, isHome));
    assert.ok(near < 10, `${near} pixels off`);
    await page.locator(".legend", { hasText: "1 户" }).waitFor();
  });
});

test("a report is a dot where it happened, as long as it is counted", async () => {
  const { lon, lat, reported_at } = disputes[0];
  const query = `/?view=hotspots&level=village&map=${lon},${lat},17`;
  const day = reported_at.slice(0, 10);
  await here.visit(`${query}&from=${day}&to=${day}`, {}, async (page) => {
    await drawn(page, "village");
    const near = fromMiddle(await pixels(page, 10, isReport));
    assert.ok(near < 10, `${near} pixels off`);
  });
  await here.visit(`${query}&kind=hazard`, {}, async (page) => {
    await drawn(page, "village");
    // The legend has a dot of its own.
    const near = fromMiddle(await pixels(page, 1, isReport));
    assert.ok(near > 100, `${near} pixels off`);
  });
});

test("the public is not even asked to draw single homes or reports", async () => {
  const closed = await serve(here.database);
  const asked = [];
  const before = (page) => page.on("request", (request) => asked.push(request.url()));
  const { lon, lat } = houses[20_000];
  try {
    for (const task of ["coverage", "hotspots"]) {
      await visit(here.browser, closed, `/?view=${task}&level=grid&map=${lon},${lat},16`, { before }, (page) =>
        drawn(page, "grid"),
      );
    }
  } finally {
    closed.stop();
  }
  assert.ok(asked.some((url) => url.includes("/grids/tiles/")));
  assert.deepEqual(
    asked.filter((url) => /(households|incidents)\/tiles/.test(url)),
    [],
  );
});

/** A proxy that puts a server under /grid/, and knows nothing else. */
async function proxied(server) {
  const proxy = createServer((asked, answered) => {
    if (!asked.url.startsWith("/grid/")) return answered.writeHead(404).end("another page");
    const headers = { ...asked.headers, "x-forwarded-prefix": "/grid", "x-forwarded-host": asked.headers.host };
    const onward = request(server.url + asked.url.slice("/grid".length), { headers }, (answer) => {
      answered.writeHead(answer.statusCode, answer.headers);
      answer.pipe(answered);
    });
    onward.on("error", () => answered.destroy());
    asked.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${proxy.address().port}`, stop: () => proxy.close() };
}

test("the page stands behind a path, with its map, its areas and its address", async () => {
  const proxy = await proxied(here.server);
  try {
    await visit(here.browser, proxy, "/grid/?level=township&lang=en", {}, async (page) => {
      await drawn(page, "township");
      await page.locator(".ranking tbody tr .link").first().press("Enter");
      await drawn(page, "village");
      assert.match(page.url(), /\/grid\/\?.*in=\d{9}/);
      const listed = await page.locator(".ranking tbody tr").count();
      await page.reload();
      await drawn(page, "village");
      assert.equal(await page.locator(".ranking tbody tr").count(), listed);
      assert.equal(await page.locator(".trouble").count(), 0);
    });
  } finally {
    proxy.stop();
  }
});

test("areas of a level that comes in tiles alone have names, and are outlined under the pointer", async () => {
  const server = await serve(loadLarge(50), "--open");
  const query = "/?level=grid&metric=without_leader&lang=en&map=103.1275,34.1275,14";
  try {
    await visit(here.browser, server, query, {}, async (page) => {
      await drawn(page, "grid");
      await pixels(page, 20, isName);
      const before = await pixels(page, 0, isLeftEdge);
      const box = await page.locator(".canvas").boundingBox();
      await page.mouse.move(box.x + box.width / 2 - 12, box.y + box.height / 2);
      await page.mouse.move(box.x + box.width / 2 - 10, box.y + box.height / 2 - 2);
      await page.locator(".tooltip strong", { hasText: "9020255" }).waitFor();
      await pixels(page, before.found.length + 60, isLeftEdge);
    });
  } finally {
    server.stop();
  }
});
