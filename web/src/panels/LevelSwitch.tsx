import { levels, show, words } from "../state/page";
import { depthOf, measuredLevel, place, placeCode } from "../state/places";
import { count, named } from "../state/text";
import { Choice } from "./parts";

/** Which level of the tree is drawn: those below the area that is looked into. */
export function LevelSwitch() {
  const inside = placeCode.value === null ? null : (place.value.value?.level ?? null);
  const offered = levels.value.slice(inside === null ? 1 : depthOf(inside) + 1);
  if (offered.length < 2) return null;
  return (
    <Choice
      name="level"
      label={words.value.levels}
      value={measuredLevel.value}
      options={offered.map(({ code, names, nGrids }) => ({ value: code, text: named(names), title: count(nGrids) }))}
      choose={(code) => show({ level: code, off: [], chosen: null })}
    />
  );
}
