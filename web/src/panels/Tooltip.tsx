import { areaPartsText, areaText } from "../state/legend";
import { earlierOf, HOTSPOT_METRIC, measuredByCode, metric } from "../state/measured";
import { gridsByCode, hovered, task, words } from "../state/page";
import { measuredLevel } from "../state/places";
import { aboveText } from "../state/ranking";
import { areaName, count, metricName } from "../state/text";
import { estimateTexts, isYesOrNo } from "../state/values";

/** The area under the pointer, in words and numbers. */
export function Tooltip() {
  const over = hovered.value;
  if (!over?.at) return null;
  const { x, y, toLeft, above: isAbove, isEarlier } = over.at;
  const measured = measuredByCode.value.get(over.code);
  const row = measured && isEarlier ? earlierOf(measured) : measured;
  const grid = gridsByCode.value.get(over.code)?.grid;
  const area = row ?? grid ?? { code: over.code, name: over.name, parent: null };
  const above = aboveText(area);
  return (
    <div
      class={`tooltip ${toLeft ? "to-left" : ""} ${isAbove ? "above" : ""}`}
      style={{ left: `${x}px`, top: `${y}px` }}
      aria-hidden="true"
    >
      <strong>{areaName(area, measuredLevel.value)}</strong>
      {above !== "" && <span class="aside">{above}</span>}
      {row && (
        <span>
          {metricName(metric.value)} <b>{areaText(row)}</b>
        </span>
      )}
      {row && row.figure.numerator !== null && !isYesOrNo(metric.value) && (
        <span class="aside">{areaPartsText(row)}</span>
      )}
      {row?.estimate && <span class="aside">{estimateTexts(HOTSPOT_METRIC, row.figure, row.estimate)[0]}</span>}
      {task.value === "locate" && grid && grid.nHouseholds !== null && (
        <span>
          {count(grid.nHouseholds)} {words.value.homes}
        </span>
      )}
    </div>
  );
}
