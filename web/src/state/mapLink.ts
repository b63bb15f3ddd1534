/** Reads the place that a link to another map shows. */
import type { Frame } from "../api/locate";
import { type Box, type Place, readPlace } from "./coordinates";
import type { NoPlace, Pasted } from "./pasted";

/** Whose links are read, and the frames their numbers may be in, the likeliest first. */
const MAPS: readonly { host: RegExp; frames: readonly Frame[] }[] = [
  { host: /(^|\.)(amap|gaode|autonavi)\.com$/, frames: ["gcj02"] },
  { host: /(^|\.)map\.qq\.com$/, frames: ["gcj02"] },
  { host: /(^|\.)baidu\.com$/, frames: ["bd09"] },
  // Their maps of China are shifted, their satellite pictures are not.
  { host: /(^|\.)google(\.com?)?(\.[a-z]{2,3})?$/, frames: ["gcj02", "wgs84"] },
  { host: /^maps\.apple\.com$/, frames: ["gcj02", "wgs84"] },
  { host: /(^|\.)(openstreetmap\.org|osm\.org)$/, frames: ["wgs84"] },
];

/** These name a place by a word that only their owner can look up. */
const SHORTENED = /^(surl\.amap\.com|j\.map\.baidu\.com|goo\.gl|maps\.app\.goo\.gl|osm\.org\/go)/;

/** A link that says itself in which frame it is. */
const SAID: readonly [RegExp, Frame][] = [
  [/coord(inate|_type)?=wgs(84)?/i, "wgs84"],
  [/coord(inate|_type)?=(gaode|gcj02)/i, "gcj02"],
  [/coord(inate|_type)?=bd09ll/i, "bd09"],
];

/** What no degrees are: the metres of a map's own projection. */
const MAX_DEGREES = 1000;

const NUMBER = "([+-]?\\d+(?:\\.\\d+)?)";

/** How links write a place, latitude first; the pin before the middle of the view. */
const LAT_FIRST = [
  new RegExp(`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(`[?&]m?lat(?:itude)?=${NUMBER}&m?(?:lon|lng)(?:gitude)?=${NUMBER}`),
  new RegExp(`#map=[\\d.]+/${NUMBER}/${NUMBER}`),
];
const LON_FIRST = new RegExp(`[?&](?:lon|lng|long|longitude)=${NUMBER}&lat(?:itude)?=${NUMBER}`);
const PAIRS = new RegExp(`(?<![\\d.])${NUMBER},\\s*${NUMBER}`, "g");

export function isLink(text: string): boolean {
  return /https?:\/\/|\bgeo:/i.test(text);
}

export function readLink(text: string, bbox: Box | null): Pasted | NoPlace {
  const geo = /\bgeo:(\S+)/i.exec(text)?.[1];
  if (geo !== undefined) return readGeo(geo, bbox);
  const [link] = /https?:\/\/\S+/i.exec(text) ?? [];
  const url = link === undefined ? null : parsed(link);
  if (!url) return "link";
  if (SHORTENED.test(url.host + url.pathname)) return "short_link";
  const map = MAPS.find(({ host }) => host.test(url.hostname));
  if (!map) return "link";
  const written = decoded(url.pathname + url.search + url.hash);
  const at = placeIn(written, bbox);
  if (typeof at === "string") return at;
  const said = SAID.find(([mark]) => mark.test(url.search))?.[1];
  return { at, frames: said ? [said] : map.frames, accuracyM: null };
}

/** `geo:34.88,103.37;u=35`, and what phones write: `geo:0,0?q=34.88,103.37(school)`. */
function readGeo(written: string, bbox: Box | null): Pasted | NoPlace {
  const asked = /[?&]q=([^&]+)/.exec(written)?.[1];
  const [, lat, lon] = new RegExp(`^${NUMBER},${NUMBER}`).exec(decoded(asked ?? written)) ?? [];
  const at = readPlace(`lat=${lat ?? ""} lon=${lon ?? ""}`, bbox);
  const [, accuracy] = /;u=(\d+(?:\.\d+)?)/.exec(written) ?? [];
  return typeof at === "string"
    ? at
    : { at, frames: ["wgs84"], accuracyM: accuracy ? Math.ceil(Number(accuracy)) : null };
}

function placeIn(written: string, bbox: Box | null): Place | NoPlace {
  for (const form of LAT_FIRST) {
    const [, lat, lon] = form.exec(written) ?? [];
    if (lat !== undefined && lon !== undefined) return readPlace(`lat=${lat} lon=${lon}`, bbox);
  }
  const [, lon, lat] = LON_FIRST.exec(written) ?? [];
  if (lat !== undefined && lon !== undefined) return readPlace(`lat=${lat} lon=${lon}`, bbox);
  const pairs = new Set([...written.matchAll(PAIRS)].map(([, first, second]) => `${first},${second}`));
  const [pair] = pairs;
  if (pair === undefined) return "link";
  if (pairs.size > 1) return "several";
  return pair.split(",").some((number) => Math.abs(Number(number)) > MAX_DEGREES) ? "metres" : readPlace(pair, bbox);
}

function parsed(link: string): URL | null {
  try {
    return new URL(link);
  } catch {
    return null;
  }
}

/** A link that is broken in the middle of a letter is read as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
