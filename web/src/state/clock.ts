/** What time it is, by the server's clock: that of the device may be wrong. */
import { computed, signal } from "@preact/signals";
import { minuteIn } from "../api/region";
import { serverAhead } from "../api/server";
import { region, words } from "./page";
import { filled } from "./text";

/** An age in minutes is right to the half of one. */
const TICK_MS = 30_000;

const now = signal(0);

export function followClock(): void {
  const tick = () => {
    now.value = Date.now() + serverAhead();
  };
  tick();
  setInterval(tick, TICK_MS);
}

/** From when the figures are: as they were released, or as they were last changed. */
export const dataFrom = computed<string | null>(() => {
  const { released = null, committed = null } = region.value.value ?? {};
  return released ?? committed;
});

/** The same in words, by the region's own clock; `null` where that is not known. */
export const dataText = computed<string | null>(() => {
  const here = region.value.value;
  if (!here || dataFrom.value === null) return null;
  return filled(words.value.dataOf, {
    when: minuteIn(dataFrom.value, here.utcOffset),
    revision: String(here.revision),
    boundaries: String(here.generation.number),
  });
});

/** What time it is by the region's own clock: `14:05`. */
export const timeText = computed(() => {
  const here = region.value.value;
  if (!here || now.value === 0) return "";
  return minuteIn(new Date(now.value).toISOString(), here.utcOffset).slice(-5);
});

/** How old the figures are, in milliseconds; `null` where that is not known. */
export const dataAge = computed<number | null>(() => {
  const from = dataFrom.value === null ? Number.NaN : Date.parse(dataFrom.value);
  return Number.isNaN(from) || now.value === 0 ? null : Math.max(0, now.value - from);
});
