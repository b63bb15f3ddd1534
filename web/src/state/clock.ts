/** What time it is, by the server's clock: that of the device may be wrong. */
import { computed, signal } from "@preact/signals";
import { serverAhead } from "../api/server";
import { region } from "./page";

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

/** How old the figures are, in milliseconds; `null` where that is not known. */
export const dataAge = computed<number | null>(() => {
  const from = dataFrom.value === null ? Number.NaN : Date.parse(dataFrom.value);
  return Number.isNaN(from) || now.value === 0 ? null : Math.max(0, now.value - from);
});
