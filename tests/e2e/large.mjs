/** A county of many grids, made up: squares of about half a kilometre with a bent side each. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "./server.mjs";

const [WEST, SOUTH, STEP] = [103, 34, 0.005];

const REGION = `code = "9"
names = { zh = "大县", en = "large county" }
utc_offset = "+08:00"
fallback = { holder = "hall", name = "大县综治中心" }

[[levels]]
code = "county"
names = { zh = "县", en = "county" }
answers = "agency"

[[levels]]
code = "village"
names = { zh = "村", en = "village" }
answers = "agency"

[[levels]]
code = "grid"
names = { zh = "网格", en = "grid" }
household_target = { floor = 30, target = 65, ceiling = 120 }
answers = "agency"

[[roles]]
code = "agency"
names = { zh = "部门", en = "agency" }
`;

/** Loads a county of `side` x `side` grids in villages of ten by ten; gives its database. */
export function loadLarge(side) {
  const folder = mkdtempSync(join(tmpdir(), "gridmap-large-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const database = `sqlite:${join(folder, "large.db")}`;
  writeFileSync(join(folder, "region.toml"), REGION);
  const areas = [area("9", "county", null, ring(0, 0, side))];
  for (let j = 0; j < side; j += 10) {
    for (let i = 0; i < side; i += 10) areas.push(area(village(i, j), "village", "9", ring(i, j, 10)));
  }
  for (let j = 0; j < side; j++) {
    for (let i = 0; i < side; i++) {
      areas.push(area(`${village(i, j)}${j % 10}${i % 10}`, "grid", village(i, j), ring(i, j, 1)));
    }
  }
  writeFileSync(join(folder, "areas.geojson"), JSON.stringify({ type: "FeatureCollection", features: areas }));
  const run = (...words) =>
    execFileSync(binary, [...words, "--database", database], { stdio: ["ignore", "ignore", "inherit"] });
  run("import", "region", join(folder, "region.toml"));
  run("import", "grids", join(folder, "areas.geojson"));
  return database;
}

const digits = (n) => String(Math.floor(n / 10)).padStart(2, "0");
const village = (i, j) => `9${digits(j)}${digits(i)}`;

function area(code, level, parent, coordinates) {
  const geometry = { type: "Polygon", coordinates: [coordinates] };
  return { type: "Feature", properties: { code, name: `${code}`, level, parent }, geometry };
}

/** Around `n` by `n` squares, along the bends of every one of them, so that neighbours share their points. */
function ring(left, low, n) {
  const points = [];
  for (let k = 0; k < n; k++) points.push(...edge(left + k, low, 1, 0));
  for (let k = 0; k < n; k++) points.push(...edge(left + n, low + k, 0, 1));
  for (let k = n; k > 0; k--) points.push(...edge(left + k - 1, low + n, 1, 0).reverse());
  for (let k = n; k > 0; k--) points.push(...edge(left, low + k - 1, 0, 1).reverse());
  return points.filter((point, at) => at === 0 || point.join() !== points[at - 1].join());
}

/** From a corner to the next east or north of it, by a bend that depends on where it is alone. */
function edge(i, j, east, north) {
  const bend = (((i * 7 + j * 13 + east * 5) % 11) - 5) / 40;
  return [at(i, j), at(i + east / 2 + north * bend, j + north / 2 + east * bend), at(i + east, j + north)];
}

function at(i, j) {
  return [WEST + i * STEP, SOUTH + j * STEP].map((degrees) => Number(degrees.toFixed(7)));
}
