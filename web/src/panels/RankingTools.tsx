import { show, words } from "../state/page";
import { areaName, count, filled, levelName } from "../state/text";
import { partLevel, parts, within } from "../state/within";

/** What narrows the ranking. */
export function RankingTools() {
  return <Within />;
}

/** Leaves the areas of one part of the place in sight: the grids of one township. */
function Within() {
  const level = partLevel.value;
  if (level === null || parts.value.length < 2) return null;
  return (
    <label class="within">
      <span class="label-text">{levelName(level)}</span>
      <select
        value={within.value?.code ?? ""}
        onChange={({ currentTarget: { value } }) => show({ within: value === "" ? null : value })}
      >
        <option value="">{filled(words.value.withinAll, { n: count(parts.value.length) })}</option>
        {parts.value.map((part) => (
          <option key={part.code} value={part.code}>
            {areaName(part, level)}
          </option>
        ))}
      </select>
    </label>
  );
}
