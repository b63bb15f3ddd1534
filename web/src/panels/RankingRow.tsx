import { areaPartsText, areaText } from "../state/legend";
import { markedCodes, markTo, toggleMark } from "../state/marked";
import { isHeat, type Measured, metric, placeOfValue } from "../state/measured";
import { hovered, view, words } from "../state/page";
import { chooseThere, drillInto, haveParts } from "../state/places";
import { aboveText } from "../state/ranking";
import { areaName, count, labelled, rolesText } from "../state/text";
import { Swatch } from "./Swatch";

/**
 * An area of the ranking. It is chosen where it stands: what the list leaves in sight, and its order, stay. Enter looks
 * into it; with Ctrl it is marked, with Shift all from the last mark to it.
 */
export function RankingRow({ row, rank, level }: { row: Measured; rank: number; level: string }) {
  const above = aboveText(row);
  const name = areaName(row, level);
  const isMarked = markedCodes.value.has(row.code);
  const { markOne, missing, comma, rowHint, rowHintInto } = words.value;
  const hint = haveParts.value ? `${rowHint}${comma}${rowHintInto}` : rowHint;
  return (
    <tr
      class={[view.value.chosen === row.code ? "chosen" : "", isMarked ? "marked-row" : ""].join(" ").trim()}
      data-code={row.code}
      onMouseEnter={() => (hovered.value = { code: row.code, name: row.name, at: null })}
      onMouseLeave={() => (hovered.value = null)}
    >
      <td class="rank">
        <label>
          <input
            type="checkbox"
            class="mark"
            aria-label={`${markOne} ${name}`}
            checked={isMarked}
            onChange={() => toggleMark(row.code)}
          />
          {rank}
        </label>
      </td>
      <th scope="row" class="name">
        <button
          type="button"
          class="link"
          title={`${row.code} · ${hint}`}
          onClick={(event) => pick(event, row.code)}
          onKeyDown={(event) => open(event, row.code)}
        >
          {name}
        </button>
        {above !== "" && <span class="aside">{above}</span>}
        {row.missingRoles.length > 0 && metric.value.code === "lacking_roles" && (
          <span class="aside">{labelled(missing, rolesText(row.missingRoles))}</span>
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

function pick({ shiftKey, ctrlKey, metaKey }: MouseEvent, code: string): void {
  if (shiftKey) markTo(code);
  else if (ctrlKey || metaKey) toggleMark(code);
  else chooseThere(code);
}

function open(event: KeyboardEvent, code: string): void {
  if (event.key !== "Enter" || !haveParts.value) return;
  event.preventDefault();
  drillInto(code);
}

function partsOf(row: Measured): string {
  const { figure } = row;
  if (figure.numerator === null || figure.denominator === null) return "";
  return metric.value.unit === "homes" ? count(figure.denominator) : areaPartsText(row);
}
