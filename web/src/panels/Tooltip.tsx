import { shortName } from "../state/names";
import { gridsOf, hovered, level, levelsAbove, shown, words } from "../state/page";
import { count, levelName } from "./parts";

/** The area under the pointer, in words and numbers. */
export function Tooltip() {
  const over = hovered.value;
  const grid = over && shown.value?.find((one) => one.id === over.gridId);
  if (!over || !grid || level.value === null) return null;
  const parent = parentName(grid.parent);
  return (
    <div
      class={`tooltip ${over.toLeft ? "to-left" : ""} ${over.above ? "above" : ""}`}
      style={{ left: `${over.x}px`, top: `${over.y}px` }}
      aria-hidden="true"
    >
      <strong>{grid.name === null ? `${levelName(level.value)} ${grid.code}` : shortName(grid.name)}</strong>
      {parent !== null && <span class="parent">{parent}</span>}
      {grid.nHouseholds !== null && (
        <span>
          {count(grid.nHouseholds)} {words.value.homes}
        </span>
      )}
    </div>
  );
}

/** The name of the area above, as far as its level is here. */
function parentName(code: string | null): string | null {
  for (const above of levelsAbove.value) {
    const name = gridsOf(above)?.find((grid) => grid.code === code)?.name;
    if (name) return shortName(name);
  }
  return null;
}
