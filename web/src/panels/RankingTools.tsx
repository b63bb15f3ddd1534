import { against, leastHomes, partLevel, parts, within } from "../state/included";
import { isHeat, rankBy, ranksBy, week } from "../state/measured";
import { show, task, view, words } from "../state/page";
import { areaName, count, filled, levelName } from "../state/text";
import { RANKS_BY, type RankBy } from "../state/url";

/** How many homes an area may be asked to have for its rate to be ranked. */
const LEAST_HOMES = [20, 50, 100, 200, 500];

/** What the ranking is by, and what it includes. */
export function RankingTools() {
  return (
    <div class="options ranking-tools">
      {task.value === "hotspots" && !isHeat.value && (
        <>
          {week.value === null && <RankingBy />}
          <LeastHomes />
        </>
      )}
      {parts.value.length > 1 && <Within />}
      {parts.value.length > 1 && (within.value === null ? <Grouped /> : <Against />)}
    </div>
  );
}

/** Counts, rates as they are, or rates drawn towards that of all where they are of few homes. */
function RankingBy() {
  return (
    <label>
      <span class="label-text">{words.value.rankBy}</span>
      <select
        name="rank"
        value={rankBy.value}
        onChange={({ currentTarget: { value } }) => show({ rankBy: value as RankBy, off: [], classing: null })}
      >
        {RANKS_BY.filter((by) => ranksBy.value.includes(by)).map((by) => (
          <option key={by} value={by}>
            {words.value[`rankBy_${by}`]}
          </option>
        ))}
      </select>
    </label>
  );
}

function LeastHomes() {
  const least = leastHomes.value;
  const offered = least === null ? LEAST_HOMES : [...new Set([...LEAST_HOMES, least])].sort((a, b) => a - b);
  return (
    <label>
      <span class="label-text">{words.value.homesAtLeast}</span>
      <select
        name="least"
        value={least ?? ""}
        onChange={({ currentTarget: { value } }) => show({ leastHomes: value === "" ? null : Number(value) })}
      >
        <option value="">{words.value.anyNumber}</option>
        {offered.map((n) => (
          <option key={n} value={n}>
            {count(n)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Lists the areas part by part: the grids of each township together. */
function Grouped() {
  return (
    <label class="check">
      <input
        type="checkbox"
        name="grouped"
        checked={view.value.grouped}
        onChange={({ currentTarget: { checked } }) => show({ grouped: checked })}
      />
      {filled(words.value.groupedBy, { level: levelName(partLevel.value ?? "") })}
    </label>
  );
}

/** Includes the areas of one part of the place: the grids of one township. */
function Within() {
  const level = partLevel.value;
  if (level === null) return null;
  return (
    <label>
      <span class="label-text">{levelName(level)}</span>
      <select
        name="within"
        value={within.value?.code ?? ""}
        onChange={({ currentTarget: { value } }) => show({ within: value === "" ? null : value, against: null })}
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

/** Shows another part beside the one that is included: two townships on two maps. */
function Against() {
  const level = partLevel.value;
  if (level === null) return null;
  return (
    <label>
      <span class="label-text">{words.value.besideIt}</span>
      <select
        name="against"
        value={against.value?.code ?? ""}
        onChange={({ currentTarget: { value } }) => show({ against: value === "" ? null : value })}
      >
        <option value="">{words.value.compare_none}</option>
        {parts.value
          .filter(({ code }) => code !== within.value?.code)
          .map((part) => (
            <option key={part.code} value={part.code}>
              {areaName(part, level)}
            </option>
          ))}
      </select>
    </label>
  );
}
