/** A basemap is laid under the grids where it belongs, also one whose pictures are drawn in GCJ-02. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { drawn, launch, pixels, visit } from "./browser.mjs";
import { houses, toGcj02 } from "./fixtures.mjs";
import { loadCounty, serve } from "./server.mjs";

const SIZE = 256;
const DOT = 9;
const place = { lon: Number(houses[20_000].lon), lat: Number(houses[20_000].lat) };

/** Pixels of the world at a zoom, by the definition of the web's Mercator. */
function worldPixels({ lon, lat }, z) {
  const n = 2 ** z * SIZE;
  const y = Math.asinh(Math.tan((lat * Math.PI) / 180));
  return [((lon + 180) / 360) * n, ((1 - y / Math.PI) / 2) * n];
}

/** A white tile with a red dot where `mark` is. */
function tile(z, x, y, mark) {
  const png = new PNG({ width: SIZE, height: SIZE, colorType: 2 });
  const [east, south] = worldPixels(mark, z);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const near = Math.hypot(x * SIZE + column - east, y * SIZE + row - south) < DOT;
      png.data.set(near ? [255, 0, 0, 255] : [255, 255, 255, 255], (row * SIZE + column) * 4);
    }
  }
  return PNG.sync.write(png);
}

/** A style of others: its names of sources and layers are its own. */
const styleOf = (origin) => ({
  version: 8,
  sources: { areas: { type: "raster", tiles: [`${origin}/wgs84/{z}/{x}/{y}.png`], tileSize: SIZE } },
  layers: [
    { id: "background", type: "background", paint: { "background-color": "#ffffff" } },
    { id: "areas", type: "raster", source: "areas", paint: { "raster-fade-duration": 0 } },
  ],
});

let pictures;
let server;
let browser;
let origin;

before(async () => {
  pictures = createServer(({ url }, response) => {
    if (url === "/style.json") {
      response.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" });
      response.end(JSON.stringify(styleOf(origin)));
      return;
    }
    const [frame, z, x, y] = url.split("/").slice(1);
    const mark = frame === "gcj02" ? toGcj02(place.lon, place.lat) : place;
    response.writeHead(200, { "content-type": "image/png", "access-control-allow-origin": "*" });
    response.end(tile(Number(z), Number(x), Number.parseInt(y, 10), mark));
  });
  await new Promise((resolve) => pictures.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${pictures.address().port}`;
  const folder = mkdtempSync(join(tmpdir(), "gridmap-basemaps-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const list = ["wgs84", "gcj02"].map(
    (frame) => `[[basemap]]
id = "${frame}"
names = { zh = "图 ${frame}", en = "map ${frame}" }
kind = "raster"
url = "${origin}/${frame}/{z}/{x}/{y}.png"
frame = "${frame}"
attribution = "© test"
approval = "GS(2024)0650号"
`,
  );
  list.push(`[[basemap]]
id = "style"
names = { zh = "图", en = "map" }
kind = "style"
url = "${origin}/style.json"
attribution = "© test"
approval = "GS(2024)0650号"
`);
  writeFileSync(join(folder, "basemaps.toml"), list.join("\n"));
  server = await serve(loadCounty(), "--open", "--basemaps", join(folder, "basemaps.toml"));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
  pictures?.close();
});

/** What the dot is drawn in, also with the areas over it. */
const isRed = (r, g) => r > 150 && r - g > 60;

for (const frame of ["wgs84", "gcj02", "style"]) {
  test(`a picture in ${frame} lies where it belongs`, async () => {
    const camera = `map=${place.lon.toFixed(4)},${place.lat.toFixed(4)},15`;
    await visit(browser, server, `/?view=locate&level=township&${camera}`, { allowed: [origin] }, async (page) => {
      await drawn(page, "township");
      await page.locator(".basemap select").selectOption(frame);
      await page.locator(".attribution", { hasText: "审图号 GS(2024)0650号" }).waitFor();
      const { width, height, found: reds } = await pixels(page, 50, isRed);
      const middle = [0, 1].map((axis) => reds.reduce((sum, one) => sum + one[axis], 0) / reds.length);
      // The camera of a link is rounded to four decimals: 4 pixels at this zoom; unshifted it would lie 100 off.
      assert.ok(Math.abs(middle[0] - width / 2) < 6 && Math.abs(middle[1] - height / 2) < 6, String(middle));
      assert.match(page.url(), new RegExp(`base=${frame}`));
    });
  });
}
