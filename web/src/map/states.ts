/** How each area looks: by the class of its value, fainter where the legend leaves it out. */
import { classes, isDotted, isOn, type Measured, placeOfValue, ramp } from "../state/measured";
import { palettes, rampPlace } from "../state/palette";
import { theme } from "../state/theme";
import { type AreaState, faint } from "./style";

export function statesOf(rows: readonly Pick<Measured, "id" | "value" | "figure">[]): Map<string, AreaState> {
  const colours = palettes[theme.value].ramps[ramp.value];
  const n = classes.value.classes.length;
  const states = new Map<string, AreaState>();
  for (const { id, value, figure } of rows) {
    const at = placeOfValue(value);
    const ofClass = typeof at === "number" ? (colours[rampPlace(at, ramp.value, n)] ?? null) : null;
    const on = isOn(value);
    const colour = ofClass === null || on ? ofClass : faint(ofClass);
    states.set(id, { colour, hatch: at === null && figure.denominator !== 0, dots: on && isDotted(at) });
  }
  return states;
}
