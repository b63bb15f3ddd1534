/** How each area looks: by the class of its value, fainter where it is left out. */
import type { Place } from "../state/classes";
import { markedCodes } from "../state/marked";
import { classes, isDotted, type Measured, placeOfValue, ramp } from "../state/measured";
import { isTiled } from "../state/page";
import { palettes, rampPlace } from "../state/palette";
import { measuredLevel } from "../state/places";
import { isInSight } from "../state/ranking";
import { theme } from "../state/theme";
import { type AreaState, faint } from "./style";

/** The areas that `lit` leaves out are fainter, beside those that the reader switched off. */
export function statesOf(rows: readonly Measured[], lit: (row: Measured) => boolean): Map<string, AreaState> {
  const states = new Map<string, AreaState>();
  for (const row of rows) {
    const at = placeOfValue(row.value);
    const ofClass = colourOf(at);
    const on = isInSight(row) && lit(row);
    const colour = ofClass === null || on ? ofClass : faint(ofClass);
    const hatch = at === null && row.figure.denominator !== 0;
    const marked = isTiled(measuredLevel.value) && markedCodes.value.has(row.code);
    states.set(row.id, { colour, hatch, dots: on && isDotted(at), marked });
  }
  return states;
}

/** The colour of a class. */
export function colourOf(at: Place): string | null {
  const colours = palettes[theme.value].ramps[ramp.value];
  return typeof at === "number" ? (colours[rampPlace(at, ramp.value, classes.value.classes.length)] ?? null) : null;
}
