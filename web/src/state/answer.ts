/** Who answers at a place: the question in the address, and its answer. */
import { effect, type Signal, signal, untracked } from "@preact/signals";
import { type Answer, askAnswer, type Frame, type Question } from "../api/locate";
import { question, revision, show } from "./page";
import { goToPlace, measuredLevel } from "./places";
import { resource } from "./resource";

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

function goWhenAnswered(): void {
  const { value, status } = answer.value;
  const level = measuredLevel.peek();
  if (status !== "ready" || value === null || awaited === null || awaited !== question.peek()) return;
  awaited = null;
  const around = value.grids.find((grid) => grid.level === level) ?? value.grids.at(-1);
  untracked(() => goToPlace(value.position, around?.code ?? null));
}

/** To the lattice of the ground: seven decimals. */
function rounded(degrees: number): number {
  return Number(degrees.toFixed(7));
}

/** Why the device's own position did not come. */
export const geolocation: Signal<"idle" | "asking" | "denied" | "unavailable"> = signal("idle");

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
    },
    ({ code, PERMISSION_DENIED }) => {
      geolocation.value = code === PERMISSION_DENIED ? "denied" : "unavailable";
    },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

/** Asks at every new question, and again when the ground has a newer revision. */
export function followAnswer(): void {
  effect(() => loadAnswer(question.value));
  effect(goWhenAnswered);
  let before: number | null = null;
  effect(() => {
    const now = revision.value;
    if (before !== null && now !== before) loadAnswer(question.peek());
    before = now ?? before;
  });
}
