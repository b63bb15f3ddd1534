import { heatShown, incidents, level, loadIncidents, region, show, words } from "../state/page";
import { count, named, TroubleNote } from "./parts";

/** Which level of the tree colours the map, and what lies over it. */
export function LevelSwitch() {
  const levels = region.value.value?.levels ?? [];
  if (levels.length === 0) return null;
  return (
    <div class="switches">
      <fieldset class="levels">
        <legend>{words.value.levels}</legend>
        {levels.map(({ code, names, nGrids }) => (
          <label key={code} title={`${count(nGrids)}`}>
            <input
              type="radio"
              name="level"
              value={code}
              checked={level.value === code}
              onChange={() => show({ level: code })}
            />
            <span>{named(names)}</span>
          </label>
        ))}
      </fieldset>
      <label class="toggle">
        <input
          type="checkbox"
          name="heat"
          checked={heatShown.value}
          onChange={(event) => show({ heat: event.currentTarget.checked })}
        />
        <span>{words.value.heat}</span>
      </label>
      {heatShown.value && <TroubleNote of={incidents.value} retry={loadIncidents} />}
    </div>
  );
}
