import { describe, expect, test } from "vitest";
import { readPlace } from "../src/state/coordinates";

function check(text: string, lon: number, lat: number): void {
  const place = readPlace(text);
  if (typeof place === "string") throw new Error(`${text}: ${place}`);
  expect([place.lon, place.lat], text).toEqual([expect.closeTo(lon, 9), expect.closeTo(lat, 9)]);
}

describe("a pasted place", () => {
  test.each([
    ["103.38,34.88", 103.38, 34.88],
    ["  103.3816 ,\t34.8866 ", 103.3816, 34.8866],
    ["34.88 103.38", 103.38, 34.88],
    ["103.38，34.88", 103.38, 34.88],
    ["１０３.３８　３４.８８", 103.38, 34.88],
    ["[103.38, 34.88]", 103.38, 34.88],
    ["POINT(103.38 34.88)", 103.38, 34.88],
    ["lon=103.38&lat=34.88", 103.38, 34.88],
    ["?lat=34.88&lng=103.38", 103.38, 34.88],
    ["经度103.38 纬度34.88", 103.38, 34.88],
    ["-71.0587, 42.3594", -71.0587, 42.3594],
    ["10, 20", 10, 20],
  ])("in degrees: %s", check);

  test.each([
    ["34°53'N 103°23'E", 103 + 23 / 60, 34 + 53 / 60],
    ["34°53′12.6″N, 103°23′5″E", 103 + 23 / 60 + 5 / 3600, 34 + 53 / 60 + 12.6 / 3600],
    ["N34°53′ E103°23′", 103 + 23 / 60, 34 + 53 / 60],
    ["北纬34°53′，东经103°23′", 103 + 23 / 60, 34 + 53 / 60],
    ["东经103度23分 北纬34度53分", 103 + 23 / 60, 34 + 53 / 60],
    ["42.3594°N 71.0587°W", -71.0587, 42.3594],
    ["33°30'S 70°W", -70, -33.5],
    ["34S 70W", -70, -34],
    ["E103°23'N34°53'", 103 + 23 / 60, 34 + 53 / 60],
    ["34°53'N103°23'E", 103 + 23 / 60, 34 + 53 / 60],
  ])("in degrees, minutes and seconds: %s", check);

  test("needs both numbers, and nothing else", () => {
    const unreadable = [
      "103.38",
      "103.38,34.88,5",
      "城关镇",
      "103.38,34.88 near the school",
      "34N 35N",
      "1e400,1",
      "NaN,NaN",
    ];
    for (const text of [...unreadable, "9".repeat(10_000), "<b>103.38,34.88</b>"])
      expect(readPlace(text), text).toBe("unreadable");
    expect(readPlace("   ")).toBe("empty");
  });

  test("must be on the earth", () => {
    const beyond = ["521334, 3845112", "200, 10", "100, 95", "34°75'N 103°23'E", "34°53′61″N 103°23′E"];
    for (const text of beyond) expect(readPlace(text), text).toBe("range");
  });
});
