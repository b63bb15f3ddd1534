import { useSignal } from "@preact/signals";
import { areaPartsText, areaText } from "../state/legend";
import type { Measured } from "../state/measured";
import { isHeat, measured, metric, placeOfValue } from "../state/measured";
import { detailed, hovered, task, view, words } from "../state/page";
import { choose, drillInto, measuredLevel } from "../state/places";
import { aboveText, type Column, column, falling, rankedInSight, sortBy } from "../state/ranking";
import { termOf } from "../state/terms";
import { areaName, count, labelled, levelsName, metricName, rolesText } from "../state/text";
import { Explain } from "./Explain";
import { Swatch } from "./Swatch";

/** Rows drawn at first, and with each "show more". */
const ROWS = 60;

/** The first of them: until the map has its colours the page is busy enough. */
const FIRST_ROWS = 8;

/** Every area in sight, by whichever column is wanted: the way in without a map. */
export function Ranking() {
  const nRows = useSignal(ROWS);
  const sorted = rankedInSight.value;
  const level = measuredLevel.value;
  const all = measured.value;
  if (!all || level === null) return null;

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
          <tbody>
            {sorted.slice(0, detailed.value ? nRows.value : FIRST_ROWS).map((row, n) => (
              <Row key={row.code} row={row} rank={n + 1} level={level} />
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > nRows.value && (
        <button type="button" class="plain" onClick={() => (nRows.value += ROWS)}>
          {words.value.more} ({nRows.value} / {sorted.length})
        </button>
      )}
    </section>
  );
}

function shortMetric(): string {
  const { unit, code } = metric.value;
  if (code === "change") return words.value.change;
  if (unit === "homes") return words.value.households;
  return unit === "per_100" ? words.value.rate : words.value.value;
}

function partsHead(): string {
  const { unit, code } = metric.value;
  if (code === "change") return words.value.thenAndNow;
  if (unit === "homes") return words.value.card_target;
  return unit === "per_100" || code === "week" ? words.value.perHomes : words.value.ofWhat;
}

function Row({ row, rank, level }: { row: Measured; rank: number; level: string }) {
  const above = aboveText(row);
  const open = () => (task.value === "coverage" ? drillInto(row.code) : choose(row.code));
  const isChosen = view.value.chosen === row.code;
  return (
    <tr
      class={isChosen ? "chosen" : ""}
      data-code={row.code}
      onMouseEnter={() => (hovered.value = { code: row.code, x: 0, y: 0, toLeft: false, above: false, onMap: false })}
      onMouseLeave={() => (hovered.value = null)}
    >
      <td class="rank">{rank}</td>
      <th scope="row" class="name">
        <button type="button" class="link" title={row.code} onClick={open}>
          {areaName(row, level)}
        </button>
        {above !== "" && <span class="aside">{above}</span>}
        {row.missingRoles.length > 0 && metric.value.code === "lacking_roles" && (
          <span class="aside">{labelled(words.value.missing, rolesText(row.missingRoles))}</span>
        )}
      </th>
      <td class="value">
        {!isHeat.value && <Swatch at={placeOfValue(row.value)} figure={row.figure} />}
        {areaText(row)}
      </td>
      <td class="parts">{partsOf(row)}</td>
    </tr>
  );
}

function partsOf(row: Measured): string {
  const { figure } = row;
  if (figure.numerator === null || figure.denominator === null) return "";
  return metric.value.unit === "homes" ? count(figure.denominator) : areaPartsText(row);
}
