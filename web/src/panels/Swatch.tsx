import type { Figure } from "../api/figures";
import type { Place } from "../state/classes";
import { classes, isDotted, ramp } from "../state/measured";
import { rampPlace } from "../state/palette";

/** The colour of a class, as on the map: unknown values and the gravest class have patterns, too. */
export function Swatch({ at, figure }: { at: Place; figure?: Figure }) {
  return <span class={`swatch ${swatchClass(at, figure)}`} aria-hidden="true" />;
}

function swatchClass(at: Place, figure: Figure | undefined): string {
  if (at === null) return figure?.denominator === 0 ? "void" : "hatched";
  if (at === "none") return "void";
  const place = rampPlace(at, ramp.value, classes.value.classes.length);
  return `ramp-${ramp.value}-${place} ${isDotted(at) ? "dotted" : ""}`;
}
