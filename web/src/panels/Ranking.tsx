import { useSignal } from "@preact/signals";
import { parts } from "../state/included";
import { markedText } from "../state/marked";
import { isHeat, measured, metric, SMOOTHED_METRIC } from "../state/measured";
import { detailed, task, words } from "../state/page";
import { measuredLevel } from "../state/places";
import { type Column, column, falling, listed, rankByCode, rankedInSight, sortBy } from "../state/ranking";
import { termOf } from "../state/terms";
import { count, filled, levelsName, metricName } from "../state/text";
import { onPaper } from "../state/theme";
import { Explain } from "./Explain";
import { afterMap } from "./later";
import { PartHead } from "./PartHead";
import { RankingRow } from "./RankingRow";

const MarkedSum = afterMap(() => import("./MarkedSum").then((file) => file.MarkedSum));
const RankingTools = afterMap(() => import("./RankingTools").then((file) => file.RankingTools));

/** Rows drawn at first, and with each "show more". */
const ROWS = 60;

/** The first of them: until the map has its colours the page is busy enough. */
const FIRST_ROWS = 8;

/** Who wants more on paper wants a file. */
const PAPER_ROWS = 1000;

/** Every area in sight, by whichever column is wanted: the way in without a map. */
export function Ranking() {
  const nRows = useSignal(ROWS);
  const sorted = rankedInSight.value;
  const level = measuredLevel.value;
  const all = measured.value;
  if (!all || level === null) return null;
  const shown = onPaper.value ? PAPER_ROWS : detailed.value ? nRows.value : FIRST_ROWS;

  const heads: [Column, string][] = [
    ["name", words.value.area],
    ["value", metric.value.code === "week" ? words.value.count : shortMetric()],
    ["parts", partsHead()],
  ];
  return (
    <section class="ranking">
      <h2>
        {words.value.ranking} · {metricName(metric.value)}{" "}
        <Explain terms={[termOf(metric.value.code), "rank", "parts"]} />
        <span class="aside">
          {sorted.length} / {all.length} {levelsName(level)}
        </span>
      </h2>
      {(parts.value.length > 1 || (task.value === "hotspots" && !isHeat.value)) && <RankingTools />}
      {sorted.length === 0 ? (
        <p class="hint">{all.length === 0 ? words.value.noArea : words.value.noRows}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col" class="rank">
                {words.value.rank}
              </th>
              {heads.map(([by, head]) => (
                <th
                  key={by}
                  scope="col"
                  class={by}
                  aria-sort={column.value === by ? (falling.value ? "descending" : "ascending") : "none"}
                >
                  <button type="button" class="head" title={`${words.value.sortBy} ${head}`} onClick={() => sortBy(by)}>
                    {head}
                    <span aria-hidden="true">{column.value === by ? (falling.value ? " ↓" : " ↑") : ""}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          {listed(shown).map((part) => (
            <tbody key={part.code ?? ""}>
              {part.code !== undefined && <PartHead of={part.code} />}
              {part.rows.map((row) => (
                <RankingRow key={row.code} row={row} rank={rankByCode.value.get(row.code) ?? 0} level={level} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {markedText.value !== null && <MarkedSum />}
      {sorted.length > nRows.value && (
        <button type="button" class="plain" onClick={() => (nRows.value += ROWS)}>
          {words.value.more} ({nRows.value} / {sorted.length})
        </button>
      )}
      {onPaper.value && sorted.length > PAPER_ROWS && (
        <p>{filled(words.value.paperRows, { n: count(PAPER_ROWS), all: count(sorted.length) })}</p>
      )}
    </section>
  );
}

function shortMetric(): string {
  const { unit, code } = metric.value;
  if (code === "change") return words.value.change;
  if (unit === "homes") return words.value.households;
  if (unit === "count") return words.value.count;
  if (code === SMOOTHED_METRIC.code) return words.value.smoothedRate;
  return unit === "per_100" ? words.value.rate : words.value.value;
}

function partsHead(): string {
  const { unit, code } = metric.value;
  if (code === "change") return words.value.thenAndNow;
  if (unit === "homes") return words.value.card_target;
  return unit === "per_100" || unit === "count" || code === "week" ? words.value.perHomes : words.value.ofWhat;
}
