/** The page on a wall: nobody is there to press a key, so it shows its views in turn and keeps itself up to date. */
import { computed, signal } from "@preact/signals";
import { beginAnew } from "../api/code";
import { askRegion } from "../api/region";
import { onNewServer } from "../api/server";
import { outage } from "./outage";
import { map, refreshRegion, show, task, view } from "./page";
import type { Stop } from "./rotation";
import { watch } from "./watch";

export const isWall = computed(() => view.value.mode === "wall");

/** What is shown in turn where the address names nothing. */
const STOPS: readonly Stop[] = [
  { task: "coverage", level: null, metric: "homes" },
  { task: "coverage", level: null, metric: "without_leader" },
  { task: "hotspots", level: null, metric: null },
];

const stops = computed(() => (view.value.rotation.stops.length > 0 ? view.value.rotation.stops : STOPS));

/** How long one view is shown; a single one stays. */
export const everyMs = computed(() => (isWall.value && stops.value.length > 1 ? view.value.rotation.everyS * 1000 : 0));

/** Nobody who is there would notice sooner that the server is away. */
const LOOK_MS = 10_000;

let at = 0;

/** Which view of the turn this is, counted on without end. */
export const turn = signal(0);

function showStop({ task, level, metric }: Stop): void {
  const changed = { ...(level === null ? {} : { level }), ...(metric === null ? {} : { metric }) };
  show({ task, ...changed, chosen: null, question: null, off: [], classing: null }, true);
}

/** Whether it is being looked whether the server is there. */
let isAsking = false;

/** Shows the next view while the server is there: what is on the wall is better than what cannot come. */
async function showNext(): Promise<void> {
  if (isAsking || outage.peek() !== null) return;
  isAsking = true;
  const isThere = await askRegion(new AbortController().signal).then(
    () => true,
    () => false,
  );
  isAsking = false;
  if (!isThere) return refreshRegion();
  if (!isWall.peek()) return;
  at = (at + 1) % stops.peek().length;
  turn.value++;
  showStop(stops.peek()[at] as Stop);
}

/** Shows the views in turn while the page is on a wall; begins anew when its server is another one. */
export function followWall(): void {
  let [timer, look] = [0, 0];
  // An address that names no view of its own begins with the first of the turn.
  watch(
    () => isWall.value && view.peek().task === null,
    (isDue) => isDue && showStop(stops.peek()[0] as Stop),
  );
  watch(
    () => everyMs.value,
    (ms) => {
      clearInterval(timer);
      if (ms === 0) return;
      const first = view.peek().task === null ? 0 : stops.peek().findIndex((stop) => stop.task === task.peek());
      at = Math.max(0, first);
      timer = window.setInterval(() => void showNext(), ms);
    },
  );
  watch(
    () => view.value.mode,
    (mode) => {
      document.documentElement.dataset.mode = mode;
    },
  );
  watch(
    () => isWall.value,
    (isDue) => {
      clearInterval(look);
      if (isDue) look = window.setInterval(refreshRegion, LOOK_MS);
    },
  );
  onNewServer(() => isWall.peek() && beginAnew());
  // Whoever ends the full screen by the browser's own key leaves the wall.
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement !== null || !isWall.peek()) return;
    show({ mode: "page" }, true);
    frameWhenSized();
  });
}

/** Full screen comes and goes within this. */
const SETTLED_MS = 2000;

/** A map knows its new size a moment after its container has it. */
const MOMENT_MS = 150;

/** Shows all of the place on the map that gets another size. */
function frameWhenSized(): void {
  const frame = () => {
    const commands = map.peek();
    if (commands !== null && commands !== "undrawable") commands.whole();
  };
  const container = document.querySelector(".canvas");
  if (!container) return;
  const sized = new ResizeObserver(() => setTimeout(frame, MOMENT_MS));
  sized.observe(container);
  setTimeout(() => sized.disconnect(), SETTLED_MS);
}

/** Goes to the wall, over the whole screen where the browser allows it, or back. */
export function toggleWall(): void {
  const toWall = !isWall.peek();
  show({ mode: toWall ? "wall" : "page" }, true);
  frameWhenSized();
  const root = document.documentElement;
  if (toWall) void root.requestFullscreen?.().catch(() => undefined);
  else if (document.fullscreenElement) void document.exitFullscreen();
}
