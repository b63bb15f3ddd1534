import { askAt } from "../state/answer";
import { areaText } from "../state/legend";
import { HOTSPOT_METRIC, hotspots, measuredByCode, metric } from "../state/measured";
import { task, view, words } from "../state/page";
import { choose, drillInto, haveParts, measuredLevel, pathTo } from "../state/places";
import { areaName, levelName, metricName } from "../state/text";
import { estimateTexts, partsText } from "../state/values";
import { Icon } from "./Icon";

/** The area that was chosen, in full, and where to go from it. */
export function Chosen() {
  const code = view.value.chosen;
  const row = code === null ? undefined : measuredByCode.value.get(code);
  const level = measuredLevel.value;
  if (!row || level === null) return null;
  const above = pathTo(row.parent).slice(1);
  const at = task.value === "hotspots" ? hotspots.value.value?.rows.find((one) => one.code === code)?.at : null;
  return (
    <article class="chosen-card" aria-live="polite">
      <h2>{areaName(row, level)}</h2>
      <p class="aside">
        {levelName(level)}
        {above.length > 0 && ` · ${above.map((step) => areaName(step, step.level)).join(" › ")}`} · {row.code}
      </p>
      <p class="card-main">
        {areaText(row)}
        <span class="aside">
          {" "}
          {metricName(metric.value)}
          {row.value !== null && ` · ${partsText(metric.value, row.figure)}`}
        </span>
      </p>
      {row.estimate && <p class="aside">{estimateTexts(HOTSPOT_METRIC, row.figure, row.estimate).join(" · ")}</p>}
      <div class="row">
        {at && (
          <button type="button" class="plain" onClick={() => askAt(at[0], at[1], "wgs84", { accuracyM: 0 })}>
            <Icon name="locate" />
            {words.value.whoHere}
          </button>
        )}
        {haveParts.value && (
          <button type="button" class="plain" onClick={() => drillInto(row.code)}>
            <Icon name="into" />
            {words.value.lookInto}
          </button>
        )}
      </div>
      <button type="button" class="icon close" aria-label={words.value.clearChoice} onClick={() => choose(null)}>
        <Icon name="close" />
      </button>
    </article>
  );
}
