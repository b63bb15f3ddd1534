import { measuredByCode, metric } from "../state/measured";
import { gridsByCode, hovered, task, words } from "../state/page";
import { measuredLevel, pathTo } from "../state/places";
import { areaName, count, metricName, partsText, valueText } from "../state/text";

/** The area under the pointer, in words and numbers. */
export function Tooltip() {
  const over = hovered.value;
  if (!over?.onMap) return null;
  const row = measuredByCode.value.get(over.code);
  const grid = gridsByCode.value.get(over.code)?.grid;
  const area = row ?? grid ?? { code: over.code, name: over.name ?? null, parent: null };
  const parent = pathTo(area.parent).at(-1);
  return (
    <div
      class={`tooltip ${over.toLeft ? "to-left" : ""} ${over.above ? "above" : ""}`}
      style={{ left: `${over.x}px`, top: `${over.y}px` }}
      aria-hidden="true"
    >
      <strong>{areaName(area, measuredLevel.value)}</strong>
      {parent && <span class="aside">{areaName(parent, parent.level)}</span>}
      {row && (
        <span>
          {metricName(metric.value)}{" "}
          <b>{row.value === null ? partsText(metric.value, row.figure) : valueText(metric.value, row.value)}</b>
        </span>
      )}
      {row && row.figure.numerator !== null && metric.value.unit !== "flag" && (
        <span class="aside">{partsText(metric.value, row.figure)}</span>
      )}
      {task.value === "locate" && grid && grid.nHouseholds !== null && (
        <span>
          {count(grid.nHouseholds)} {words.value.homes}
        </span>
      )}
    </div>
  );
}
