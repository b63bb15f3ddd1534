/**
 * Reads a place as people paste it: `103.38,34.88`, `34.88 103.38`, `34°53'N 103°23'E`, `北纬34°53′ 东经103°23′`,
 * `POINT(103.38 34.88)`, `lon=103.38&lat=34.88`.
 *
 * Of two bare numbers the one beyond 90 is the longitude, whichever comes first; when both could be either, longitude
 * comes first as in GeoJSON.
 */
export type Place = { lon: number; lat: number };
export type Unreadable = "empty" | "unreadable" | "range";

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

export function readPlace(input: string): Place | Unreadable {
  const plain = input.normalize("NFKC").replaceAll("′′", "″").trim();
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
  return inRange(assign(first, second));
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

function assign(first: Part, second: Part): Place | Unreadable {
  if (first.axis !== null && first.axis === second.axis) return "unreadable";
  const latFirst =
    first.axis === "lat" ||
    second.axis === "lon" ||
    (first.axis === null && second.axis === null && Math.abs(first.degrees) <= 90 && Math.abs(second.degrees) > 90);
  return latFirst ? { lon: second.degrees, lat: first.degrees } : { lon: first.degrees, lat: second.degrees };
}

function inRange(place: Place | Unreadable): Place | Unreadable {
  if (typeof place === "string") return place;
  return Math.abs(place.lon) <= 180 && Math.abs(place.lat) <= 90 ? place : "range";
}
