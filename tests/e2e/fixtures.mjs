/** The demo county's files, read as they are: what the page shows is checked against them, not against the server. */
import { readFileSync } from "node:fs";

const folder = new URL("../../fixtures/lintan/", import.meta.url);

function table(name) {
  const [head, ...rows] = readFileSync(new URL(name, folder), "utf8").trim().split(/\r?\n/);
  const fields = head.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((value, n) => [fields[n], value])));
}

export const houses = table("houses.csv");
export const disputes = table("disputes.csv");
export const leaders = table("grid_leaders.csv");
export const mediators = table("mediators.csv");
export const committees = table("committees.csv");
export const counts = JSON.parse(readFileSync(new URL("summary.json", folder), "utf8")).counts;

export const number = (value) => value.toLocaleString("en-US");

/** How many homes there are under each code of so many digits. */
export function homesBy(digits) {
  const homes = new Map();
  for (const { group_code } of houses) {
    const code = group_code.slice(0, digits);
    homes.set(code, (homes.get(code) ?? 0) + 1);
  }
  return homes;
}

export const homesByGrid = () => homesBy(15);

/** Who answers at a home, by the codes that the files themselves give. */
export function whoAnswersAt(house) {
  const grid = house.group_code.slice(0, 15);
  const village = grid.slice(0, 12);
  return {
    codes: [house.group_code.slice(0, 6), house.group_code.slice(0, 9), village, grid, house.group_code],
    leader: leaders.find((leader) => leader.grid_code === grid).name,
    committee: committees.find((one) => one.village_code === village).name,
    mediators: mediators.filter((one) => one.village_code === village).map((one) => one.name),
  };
}

/** WGS 84 to GCJ-02 by the published series: what a Chinese phone would show for the place. */
export function toGcj02(lon, lat) {
  const [x, y, sin, pi] = [lon - 105, lat - 35, Math.sin, Math.PI];
  const waves = (value, parts) => parts.reduce((sum, [size, per]) => sum + (size * 2 * sin((value * pi) / per)) / 3, 0);
  const common = waves(x, [
    [20, 1 / 6],
    [20, 1 / 2],
  ]);
  const dLat =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    common +
    waves(y, [
      [20, 1],
      [40, 3],
      [160, 12],
      [320, 30],
    ]);
  const dLon =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    common +
    waves(x, [
      [20, 1],
      [40, 3],
      [150, 12],
      [300, 30],
    ]);
  const [a, ee, phi] = [6378245, 0.006693421622965943, (lat * pi) / 180];
  const magic = 1 - ee * sin(phi) ** 2;
  return {
    lon: lon + (dLon * 180) / ((a / Math.sqrt(magic)) * Math.cos(phi) * pi),
    lat: lat + (dLat * 180) / (((a * (1 - ee)) / (magic * Math.sqrt(magic))) * pi),
  };
}
