import { against, leastHomes, partLevel, parts, within } from "../state/included";
import { isHeat, rankBy, ranksBy, week } from "../state/measured";
import { show, task, view, words } from "../state/page";
import { areaName, count, filled, levelName } from "../state/text";
import { RANKS_BY, type RankBy } from "../state/url";
import { Select } from "./Select";

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
    <Select<RankBy>
      name="rank"
      label={words.value.rankBy}
      value={rankBy.value}
      options={RANKS_BY.filter((by) => ranksBy.value.includes(by)).map((by) => [by, words.value[`rankBy_${by}`]])}
      choose={(by) => show({ rankBy: by, off: [], classing: null })}
    />
  );
}

function LeastHomes() {
  const least = leastHomes.value;
  const offered = least === null ? LEAST_HOMES : [...new Set([...LEAST_HOMES, least])].sort((a, b) => a - b);
  return (
    <Select
      name="least"
      label={words.value.homesAtLeast}
      value={String(least ?? "")}
      options={[["", words.value.anyNumber], ...offered.map((n) => [String(n), count(n)] as const)]}
      choose={(n) => show({ leastHomes: n === "" ? null : Number(n) })}
    />
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
  return (
    <Select
      name="within"
      label={levelName(partLevel.value ?? "")}
      value={within.value?.code ?? ""}
      options={[["", filled(words.value.withinAll, { n: count(parts.value.length) })], ...partOptions()]}
      choose={(code) => show({ within: code === "" ? null : code, against: null })}
    />
  );
}

/** Shows another part beside the one that is included: two townships on two maps. */
function Against() {
  const own = within.value?.code;
  return (
    <Select
      name="against"
      label={words.value.besideIt}
      value={against.value?.code ?? ""}
      options={[["", words.value.compare_none], ...partOptions().filter(([code]) => code !== own)]}
      choose={(code) => show({ against: code === "" ? null : code })}
    />
  );
}

function partOptions(): (readonly [string, string])[] {
  return parts.value.map((part) => [part.code, areaName(part, part.level)]);
}
