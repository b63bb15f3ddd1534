import { isOff, type LegendRow, legend, legendTitle, rowText } from "../state/legend";
import { classes, isBeside, isHeat, measured, measuring, metric, rule } from "../state/measured";
import { show, task, view, words } from "../state/page";
import { pair } from "../state/pair";
import { measuredLevel } from "../state/places";
import { isLow, isNarrow } from "../state/screen";
import { type TermName, termOf } from "../state/terms";
import { count } from "../state/text";
import { Explain } from "./Explain";
import { afterMap } from "./later";
import { Swatch } from "./Swatch";

/** The room is kept until it comes. */
const Histogram = afterMap(
  () => import("./Histogram").then((file) => file.Histogram),
  () => <div class="histogram" />,
);

/** Its line is there before it can be opened. */
const Classing = afterMap(
  () => import("./Classing").then((file) => file.Classing),
  () => <p class="classing">&nbsp;</p>,
);

/** What the colours mean; every class can be switched off and on. */
export function Legend() {
  if (measuredLevel.value === null || task.value === "locate") return null;
  if (!measured.value) {
    // What went wrong is said in the panel.
    return measuring.value.status === "failed" ? null : <p class="legend waiting">{words.value.loading}</p>;
  }
  return (
    // Where it would hide the map it is folded at first.
    <details class="legend" open={!isLow.value && !(isNarrow && pair.value)}>
      <summary class="legend-title">{legendTitle.value}</summary>
      <Explain terms={isHeat.value ? ["heat"] : legendTerms()} />
      {isHeat.value && <Heat />}
      {!isHeat.value && !isBeside.value && metric.value.unit !== "flag" && classes.value.classes.length > 1 && (
        <Histogram />
      )}
      <ul class="classes">
        {legend.value.map((row) =>
          typeof row.mark === "number" ? (
            <ClassRow key={row.mark} row={row} place={row.mark} />
          ) : (
            <li key={rowText(row)} class="still">
              <RowText row={row} />
            </li>
          ),
        )}
      </ul>
      {!isHeat.value && view.value.off.length > 0 && (
        <button type="button" class="plain small" onClick={() => show({ off: [] })}>
          {words.value.legend_reset}
        </button>
      )}
      {!isHeat.value && metric.value.unit !== "flag" && metric.value.ramp !== "change" && <Classing />}
    </details>
  );
}

/** What is shown, how it is classed, and what has no class. */
function legendTerms(): TermName[] {
  const { unit, code, ramp } = metric.value;
  const method: TermName[] = unit === "flag" || ramp === "change" ? [] : [rule.value.method];
  return [termOf(code), ...method, "withheld", "unknown", "nothing"];
}

/** The same without anything to press, for paper. */
export function PaperLegend() {
  if (!measured.value) return null;
  return (
    <div class="paper-legend">
      {isHeat.value && <Heat />}
      {legend.value.map((row) => (
        <span key={rowText(row)} class={isOff(row) ? "still off" : "still"}>
          <RowText row={row} />
        </span>
      ))}
    </div>
  );
}

function ClassRow({ row, place }: { row: LegendRow; place: number }) {
  const { off } = view.value;
  const isOff = off.includes(place);
  const toggle = () => show({ off: isOff ? off.filter((one) => one !== place) : [...off, place].sort() });
  return (
    <li class={row.n === 0 ? "absent" : ""}>
      <button type="button" class="class" aria-pressed={!isOff} title={words.value.legend_toggle} onClick={toggle}>
        <RowText row={row} />
      </button>
    </li>
  );
}

function RowText({ row: { mark, name, limits, n } }: { row: LegendRow }) {
  return (
    <>
      {typeof mark === "string" && mark !== "none" ? (
        <span class={mark === "gap" ? "swatch gap" : `swatch dot ${mark}`} aria-hidden="true" />
      ) : (
        <Swatch at={mark} />
      )}
      <span class="span">
        {name}
        {name !== null && limits !== null && <span class="between"> · </span>}
        {limits !== null && <span class="limits">{limits}</span>}
      </span>
      {n !== null && <span class="n">{count(n)}</span>}
    </>
  );
}

function Heat() {
  return (
    <div class="legend-heat">
      <div class="heat-ramp" />
      <p class="ends">
        <span>{words.value.few}</span>
        <span>{words.value.many}</span>
      </p>
    </div>
  );
}
