import { FRAMES, type Frame, type Question } from "../api/locate";

/** The spots a phone may be off by; 0 is a point that is certain. */
export const ACCURACIES = [0, 10, 30, 100] as const;

export type Language = "zh" | "en";
export type Camera = { lon: number; lat: number; zoom: number };

/** Everything a link to this page can say. */
export type View = {
  level: string | null;
  question: Question | null;
  heat: boolean;
  /** `null` follows the browser. */
  language: Language | null;
  camera: Camera | null;
};

/** Reads the query of an address. What is not understood is left out: a hand-edited link still opens. */
export function readUrl(search: string): View {
  const query = new URLSearchParams(search);
  const level = query.get("level");
  const language = query.get("lang");
  return {
    level: level !== null && /^[\w-]{1,40}$/.test(level) ? level : null,
    question: readQuestion(query),
    heat: query.get("heat") === "1",
    language: language === "zh" || language === "en" ? language : null,
    camera: readCamera(query.get("map")),
  };
}

/** Writes the query of an address; what is as it is by itself is left out. */
export function writeUrl({ level, question, heat, language, camera }: View): string {
  const parts: string[] = [];
  if (level !== null) parts.push(`level=${level}`);
  if (question) {
    parts.push(`at=${degrees(question.lon)},${degrees(question.lat)}`);
    if (question.frame !== "wgs84") parts.push(`crs=${question.frame}`);
    if (question.accuracyM > 0) parts.push(`accuracy=${question.accuracyM}`);
  }
  if (heat) parts.push("heat=1");
  if (language) parts.push(`lang=${language}`);
  if (camera) parts.push(`map=${camera.lon.toFixed(4)},${camera.lat.toFixed(4)},${camera.zoom.toFixed(2)}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/** Seven decimals, the lattice of the ground, without trailing zeros. */
function degrees(value: number): string {
  return String(Number(value.toFixed(7)));
}

function readQuestion(query: URLSearchParams): Question | null {
  const [lon, lat, ...more] = numbers(query.get("at"));
  if (lon === undefined || lat === undefined || more.length || Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  const frame = FRAMES.find((one) => one === query.get("crs")) ?? ("wgs84" satisfies Frame);
  const accuracyM = ACCURACIES.find((one) => String(one) === query.get("accuracy")) ?? 0;
  return { lon, lat, frame, accuracyM };
}

function readCamera(value: string | null): Camera | null {
  const [lon, lat, zoom, ...more] = numbers(value);
  if (lon === undefined || lat === undefined || zoom === undefined || more.length) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 20) return null;
  return { lon, lat, zoom };
}

function numbers(value: string | null): number[] {
  const parts = (value ?? "").split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return parts.every(Number.isFinite) ? parts : [];
}
