/**
 * Reads a place as people paste it: `103.38,34.88`, `34.88 103.38`, `34°53'N 103°23'E`, `北纬34°53′ 东经103°23′`,
 * `POINT(103.38 34.88)`, `lon=103.38&lat=34.88`.
 *
 * Of two bare numbers the one beyond 90 is the longitude, whichever comes first; when both could be either, as in Kashgar
 * (76, 39), that order is meant which falls inside the region; longitude comes first as in GeoJSON where neither does.
 */
export type Place = { lon: number; lat: number };
export type Unreadable = "empty" | "unreadable" | "range";

/** West, south, east, north in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** Frames differ by less than this many degrees. */
const SHIFT = 0.02;

/** Tells whether a place lies in a box, in whatever frame it is. */
export function holds([west, south, east, north]: Box, { lon, lat }: Place): boolean {
  return lon >= west - SHIFT && lon <= east + SHIFT && lat >= south - SHIFT && lat <= north + SHIFT;
}

/** Longer texts are not coordinates. */
const MAX_CHARS = 120;

type Axis = "lon" | "lat";
type Part = { degrees: number; axis: Axis | null };

const MARK = "(lon(?:gitude)?|lng|lat(?:itude)?|东经|西经|北纬|南纬|经度|纬度|[NSEW](?![a-z]))";
const NUMBER = "([+-]?\\d+(?:\\.\\d+)?)";
const SECONDS = `(?:${NUMBER}\\s*(?:["″秒]|''))?`;
const MINUTES = `(?:${NUMBER}\\s*['′分]\\s*${SECONDS})?`;
const ANGLE = `${NUMBER}\\s*(?:[°度]\\s*${MINUTES})?`;

/** One number with its degrees, minutes and seconds, and what names its axis: in front of it (N34°), or behind (34°N). */
const MARKED_IN_FRONT = new RegExp(`${MARK}\\s*[:=]?\\s*${ANGLE}`, "giu");
const MARKED_BEHIND = new RegExp(`${ANGLE}\\s*${MARK}?`, "giu");

/** The text in one width of letters; the sign of seconds, which falls apart with that, stays one. */
export function plainText(input: string): string {
  return input.normalize("NFKC").replaceAll("′′", "″").trim();
}

/** A number that is surely part of a coordinate: with decimals, a degree sign, or its axis named. */
const SURE = `(?:${MARK}\\s*[:=]?\\s*${ANGLE}|${NUMBER}\\s*[°度]\\s*${MINUTES}\\s*${MARK}?|[+-]?\\d+\\.\\d{2,}\\s*${MARK}?)`;

/** Two such numbers side by side: a coordinate among words. */
export const PAIR = new RegExp(`(?<![\\d.])${SURE}[\\s,;、/|&]*${SURE}(?![\\d.])`, "giu");

/** Reads `input`; `bbox` is the region's, where it is known. */
export function readPlace(input: string, bbox: Box | null = null): Place | Unreadable {
  const plain = plainText(input);
  if (plain === "") return "empty";
  if (plain.length > MAX_CHARS) return "unreadable";
  const inFront = new RegExp(`^[^\\d]*?${MARK}`, "iu").test(plain);
  const part = inFront ? MARKED_IN_FRONT : MARKED_BEHIND;
  const parts = [...plain.matchAll(part)].map(([, ...groups]) =>
    inFront ? readPart(groups[0], groups.slice(1)) : readPart(groups[3], groups.slice(0, 3)),
  );
  const rest = plain.replaceAll(part, "").replaceAll(/point|[\s,;、/|&()[\]?]/giu, "");
  const [first, second] = parts;
  if (parts.length !== 2 || !first || !second || rest !== "") return "unreadable";
  return inRange(assign(first, second, bbox));
}

function readPart(mark = "", [degrees = "", minutes = "0", seconds = "0"]: (string | undefined)[]): Part {
  // There is no such angle as 34°75': it is in no range.
  const isAngle = Number(minutes) < 60 && Number(seconds) < 60;
  const size = isAngle ? Math.abs(Number(degrees)) + Number(minutes) / 60 + Number(seconds) / 3600 : Number.NaN;
  const negative = degrees.startsWith("-") || /^(s|w|南纬|西经)$/iu.test(mark);
  return { degrees: negative ? -size : size, axis: axisOf(mark.toLowerCase()) };
}

function axisOf(mark: string): Axis | null {
  if (/^(lon|lng|e$|w$)|经/u.test(mark)) return "lon";
  if (/^(lat|n$|s$)|纬/u.test(mark)) return "lat";
  return null;
}

function assign(first: Part, second: Part, bbox: Box | null): Place | Unreadable {
  if (first.axis !== null && first.axis === second.axis) return "unreadable";
  const lonFirst = { lon: first.degrees, lat: second.degrees };
  const latFirst = { lon: second.degrees, lat: first.degrees };
  if (first.axis !== null || second.axis !== null) {
    return first.axis === "lat" || second.axis === "lon" ? latFirst : lonFirst;
  }
  if (Math.abs(first.degrees) > 90 || Math.abs(second.degrees) > 90) {
    return Math.abs(first.degrees) <= 90 ? latFirst : lonFirst;
  }
  return bbox && holds(bbox, latFirst) && !holds(bbox, lonFirst) ? latFirst : lonFirst;
}

function inRange(place: Place | Unreadable): Place | Unreadable {
  if (typeof place === "string") return place;
  return Math.abs(place.lon) <= 180 && Math.abs(place.lat) <= 90 ? place : "range";
}
