/** Who is responsible at a place: the question in the address, and its answer. */
import { type Signal, signal } from "@preact/signals";
import { type Answer, askAnswer, type Frame, type Question } from "../api/locate";
import { type Box, holds } from "./coordinates";
import { camera, map, onNewRevision, question, show } from "./page";
import { goToPlace, measuredLevel } from "./places";
import { type Loaded, resource } from "./resource";
import { watch } from "./watch";

export const answer = resource<Answer>();

export function loadAnswer(asked: Question | null): void {
  if (asked) answer.load((signal) => askAnswer(asked, signal));
  else answer.clear();
}

/** Asks who answers at a place; what was said about accuracy and day still holds. */
export function askAt(lon: number, lat: number, frame: Frame, change: Partial<Question> = {}): void {
  const { accuracyM = 0, day = null } = question.peek() ?? {};
  show({ task: "locate", question: { lon: rounded(lon), lat: rounded(lat), frame, accuracyM, day, ...change } });
}

/** Asks who answers at a place that may be far off, and goes there. */
export function askThere(...asked: Parameters<typeof askAt>): void {
  askAt(...asked);
  awaited = question.peek();
}

/** The question whose place is gone to once it is known what ground is around it. */
let awaited: Question | null = null;

function goWhenAnswered({ status, value }: Loaded<Answer>, level: string | null): void {
  if (status !== "ready" || value === null || level === null) return;
  if (awaited === null || awaited !== question.peek()) return;
  awaited = null;
  arrive(value, level);
}

/** Goes to where the place lies; one that is outside leaves all of the county in view. */
function arrive({ grids, position }: Answer, level: string): void {
  const around = grids.find((grid) => grid.level === level) ?? grids.at(-1);
  const commands = map.peek();
  if (around) goToPlace(position, around.code);
  else if (commands !== null && commands !== "undrawable") commands.whole();
}

/** The numbers of a question the other way round, where they then name a place inside `bbox`. */
export function swappedInside({ lon, lat }: Question, bbox: Box | null): { lon: number; lat: number } | null {
  const swapped = { lon: lat, lat: lon };
  return bbox && holds(bbox, swapped) ? swapped : null;
}

/** To the lattice of the ground: seven decimals. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(7));
}

/** Why the device's own position did not come. */
export const geolocation: Signal<"idle" | "asking" | "denied" | "unavailable"> = signal("idle");

/** The question that is of the device's own position. */
let device: Question | null = null;

/** Tells whether nobody wrote the coordinate: the device gave it. */
export function isDevice({ lon, lat }: Question): boolean {
  return device !== null && lon === device.lon && lat === device.lat;
}

/** Asks for the device's position, and who answers there within its accuracy. */
export function askHere(): void {
  if (!("geolocation" in navigator) || !isSecureContext) {
    geolocation.value = "unavailable";
    return;
  }
  geolocation.value = "asking";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      geolocation.value = "idle";
      askThere(coords.longitude, coords.latitude, "wgs84", { accuracyM: Math.ceil(coords.accuracy) });
      device = question.peek();
    },
    ({ code, PERMISSION_DENIED }) => {
      geolocation.value = code === PERMISSION_DENIED ? "denied" : "unavailable";
    },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

/** Asks at every new question, and again when the ground has a newer revision. */
export function followAnswer(): void {
  // A link that says no more than the place, as other systems write it, goes there.
  if (camera.peek() === null) awaited = question.peek();
  watch(() => question.value, loadAnswer);
  watch(
    () => ({ of: answer.value, level: measuredLevel.value }),
    ({ of, level }) => goWhenAnswered(of, level),
  );
  onNewRevision(() => loadAnswer(question.peek()));
}
