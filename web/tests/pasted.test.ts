import { describe, expect, test } from "vitest";
import { type Box, readPlace } from "../src/state/coordinates";
import { readPasted } from "../src/state/pasted";

const LINTAN: Box = [103.16, 34.5, 103.87, 35.13];
const KASHGAR: Box = [73.5, 35.5, 79.9, 40.3];
const SHIGATSE: Box = [82, 27.2, 90.2, 31.8];

test.each([
  ["39.4704, 75.9898", KASHGAR, 75.9898, 39.4704],
  ["75.9898, 39.4704", KASHGAR, 75.9898, 39.4704],
  ["29.2690, 88.8806", SHIGATSE, 88.8806, 29.269],
  ["88.8806, 29.2690", SHIGATSE, 88.8806, 29.269],
  ["34.88, 103.37", KASHGAR, 103.37, 34.88],
  ["lat=29.269 lon=88.8806", SHIGATSE, 88.8806, 29.269],
  ["10, 20", SHIGATSE, 10, 20],
] as const)("of two orders that is meant which falls inside the region: %s", (text, bbox, lon, lat) => {
  expect(readPlace(text, bbox)).toEqual({ lon, lat });
});

describe("a coordinate with words around it", () => {
  test.each([
    ["103.37563,34.88253 城关镇", 103.37563, 34.88253],
    ["城关镇东环路：103.37563，34.88253（高德）", 103.37563, 34.88253],
    ["我在这里 34.88253 103.37563 门口", 103.37563, 34.88253],
    ["报警人位置 北纬34°53′01″ 东经103°22′26″ 请速来", 103 + 22 / 60 + 26 / 3600, 34 + 53 / 60 + 1 / 3600],
    ["老张 13900001234 在 E103.3756 N34.8825 附近", 103.3756, 34.8825],
    ["<p>103.37563,34.88253</p>", 103.37563, 34.88253],
  ])("%s", (text, lon, lat) => {
    const found = readPasted(text, LINTAN);
    if (typeof found === "string") throw new Error(found);
    expect(found.at).toEqual({ lon: expect.closeTo(lon, 7), lat: expect.closeTo(lat, 7) });
    expect(found.frames).toEqual([]);
  });
});

describe("a link to another map", () => {
  test.each([
    ["https://uri.amap.com/marker?position=103.37563,34.88253&name=%E5%9F%8E%E5%85%B3", ["gcj02"]],
    ["https://www.amap.com/regeo?lng=103.37563&lat=34.88253", ["gcj02"]],
    ["https://wb.amap.com/?p=B0FFG,34.88253,103.37563,name", ["gcj02"]],
    ["https://uri.amap.com/marker?position=103.37563,34.88253&coordinate=wgs84", ["wgs84"]],
    ["https://api.map.baidu.com/marker?location=34.88253,103.37563&title=x&output=html", ["bd09"]],
    ["https://api.map.baidu.com/marker?location=34.88253,103.37563&coord_type=gcj02", ["gcj02"]],
    ["https://apis.map.qq.com/uri/v1/marker?marker=coord:34.88253,103.37563;title:x", ["gcj02"]],
    ["https://www.google.com/maps/@34.88253,103.37563,15z", ["gcj02", "wgs84"]],
    ["https://www.google.com/maps/place/X/@34.1,103.1,9z/data=!8m2!3d34.88253!4d103.37563", ["gcj02", "wgs84"]],
    ["https://maps.google.com/?q=34.88253,103.37563", ["gcj02", "wgs84"]],
    ["https://www.openstreetmap.org/?mlat=34.88253&mlon=103.37563#map=12/34.1/103.1", ["wgs84"]],
    ["https://www.openstreetmap.org/#map=15/34.88253/103.37563", ["wgs84"]],
    ["看这里 https://uri.amap.com/marker?position=103.37563%2C34.88253 快来", ["gcj02"]],
    ["geo:34.88253,103.37563", ["wgs84"]],
    ["geo:0,0?q=34.88253,103.37563(school)", ["wgs84"]],
  ])("%s", (text, frames) => {
    expect(readPasted(text, LINTAN)).toMatchObject({ at: { lon: 103.37563, lat: 34.88253 }, frames });
  });

  test("a geo: address says how exact it is", () => {
    expect(readPasted("geo:34.88253,103.37563;u=35.2", LINTAN)).toMatchObject({ accuracyM: 36 });
  });
});

test.each([
  ["", "empty"],
  ["城关镇", "unreadable"],
  ["103.38,34.88,5", "several"],
  ["103.3811,34.8811 和 103.3822,34.8822", "several"],
  ["https://uri.amap.com/navigation?from=103.1,34.1&to=103.2,34.2", "several"],
  ["https://map.baidu.com/@11507800,4123000,13z", "metres"],
  ["https://surl.amap.com/abc123", "short_link"],
  ["https://maps.app.goo.gl/abc123", "short_link"],
  ["https://example.com/?a=1.11,2.22&b=3.33,4.44", "link"],
  ["https://www.amap.com/place/B0FFG", "link"],
  ["lat=213.5 lon=480.25", "range"],
  ["火星 480.2511,213.5011", "range"],
])("what holds no one coordinate is said: %s", (text, fault) => {
  expect(readPasted(text, LINTAN)).toBe(fault);
});

test("a page of text is no place", () => {
  expect(readPasted("a page of text. ".repeat(1000), LINTAN)).toBe("long");
  expect(readPasted(`<html>${"<p>103.38,34.88</p>".repeat(400)}</html>`, LINTAN)).toBe("long");
});
