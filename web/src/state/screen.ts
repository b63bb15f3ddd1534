/** How much room there is. A page that is zoomed to 200 % has half as much as before. */
import { signal } from "@preact/signals";

/** The panel is a sheet at the foot; on a low screen that is wide enough it stays beside the map. The style sheets ask for the same. */
export const isNarrow = asks("(max-width: 559px), (max-width: 760px) and (min-height: 501px)")?.matches ?? false;

const low = asks("(max-height: 500px)");

/** Whether what floats over the map would hide it: a phone that lies on its side, or a page zoomed to 200 %. */
export const isLow = signal(low?.matches ?? false);

low?.addEventListener("change", () => {
  isLow.value = low.matches;
});

/** A telephone, upright or on its side; a page that is zoomed, or in another's frame, is as low. */
export const isPhone = isNarrow || ((low?.matches ?? false) && (asks("(pointer: coarse)")?.matches ?? false));

function asks(query: string): MediaQueryList | undefined {
  return globalThis.matchMedia?.(query);
}
