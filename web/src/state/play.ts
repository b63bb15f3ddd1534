/** Plays the weeks of the hotspots one after another. */
import { computed, signal } from "@preact/signals";
import { hotspots, mayNarrow, week } from "./measured";
import { show, task, view } from "./page";
import { watch } from "./watch";

/** Long enough to see where it moved. */
const WEEK_MS = 700;

export const playing = signal(false);

const nWeeks = computed(() => hotspots.value.value?.weeks.length ?? 0);

export function togglePlaying(): void {
  // The public is told no weeks of single areas.
  if (!mayNarrow.value || nWeeks.value === 0 || task.value !== "hotspots") return;
  playing.value = !playing.value;
  if (playing.value && (week.value === null || week.value >= nWeeks.value - 1)) week.value = 0;
}

/** Shows one week; `null` goes back to the whole span. */
export function showWeek(n: number | null): void {
  if (n !== null && !mayNarrow.value) return;
  // What was switched off were classes of other values.
  if ((n === null) !== (week.value === null) && view.peek().off.length > 0) show({ off: [] });
  week.value = n === null ? null : Math.min(Math.max(n, 0), Math.max(0, nWeeks.value - 1));
  if (n === null) playing.value = false;
}

export function followPlaying(): void {
  let timer = 0;
  watch(
    () => playing.value,
    (isPlaying) => {
      clearInterval(timer);
      if (isPlaying) timer = window.setInterval(showNextWeek, WEEK_MS);
    },
  );
  // Other weeks, or another task: what was played is over.
  watch(
    () => task.value !== "hotspots" || (week.value ?? 0) >= Math.max(1, nWeeks.value),
    (isOver) => isOver && showWeek(null),
  );
}

function showNextWeek(): void {
  if ((week.value ?? 0) >= nWeeks.value - 1) playing.value = false;
  else week.value = (week.value ?? -1) + 1;
}
