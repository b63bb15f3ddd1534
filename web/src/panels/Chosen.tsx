import { askAt } from "../state/answer";
import { areaPartsText, areaText } from "../state/legend";
import { HOTSPOT_METRIC, hotspots, measuredByCode, metric } from "../state/measured";
import { task, view, words } from "../state/page";
import { choose, drillInto, haveParts, measuredLevel, pathTo } from "../state/places";
import { areaName, levelName, metricName } from "../state/text";
import { estimateTexts } from "../state/values";
import { Icon } from "./Icon";
import { Series } from "./Series";

/** What is not known of areas that are not measured by their incidents. */
const NOWHERE = { at: null, byWeek: null };

/** The area that was chosen, in full, and where to go from it. */
export function Chosen() {
  const code = view.value.chosen;
  const row = code === null ? undefined : measuredByCode.value.get(code);
  const level = measuredLevel.value;
  if (!row || level === null) return null;
  const above = pathTo(row.parent).slice(1);
  const { at, byWeek } =
    (task.value === "hotspots" && hotspots.value.value?.rows.find((one) => one.code === code)) || NOWHERE;
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
          {row.value !== null && ` · ${areaPartsText(row)}`}
        </span>
      </p>
      {row.estimate && <p class="aside">{estimateTexts(HOTSPOT_METRIC, row.figure, row.estimate).join(" · ")}</p>}
      {byWeek && byWeek.length > 1 && <Series byWeek={byWeek} />}
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
