import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Class } from "../state/classes";
import { classes, homesTarget, measured, measuring, metric, ramp, zeroIsNone } from "../state/measured";
import { show, task, view, words } from "../state/page";
import { measuredLevel } from "../state/places";
import { count, levelName, limitText, metricName } from "../state/text";
import { pointsInSight } from "../state/tiles";
import { Classing } from "./Classing";
import { Swatch } from "./Swatch";

/** What the colours mean; every class can be switched off and on. */
export function Legend() {
  const level = measuredLevel.value;
  const nothing = useComputed(() => (measured.value ?? []).filter(({ figure }) => figure.denominator === 0).length);
  if (level === null || task.value === "locate") return null;
  if (!measured.value) {
    // What went wrong is said in the panel.
    return measuring.value.status === "failed" ? null : <p class="legend waiting">{words.value.loading}</p>;
  }
  const { classes: spans, nNone, nUnknown } = classes.value;
  const nHidden = nUnknown - nothing.value;
  const isHeat = task.value === "hotspots" && view.value.surface === "heat";
  return (
    <div class="legend">
      <p class="legend-title">
        {metricName(metric.value)} · {levelName(level)}
      </p>
      {isHeat ? (
        <Heat />
      ) : (
        <>
          <ul class="classes">
            {spans.map((span, place) => (
              <ClassRow key={`${span.from}`} span={span} place={place} spans={spans} />
            ))}
            {zeroIsNone.value && (nNone > 0 || metric.value.ramp === "fault") && (
              <Still
                swatch="none"
                name={metric.value.ramp === "fault" ? words.value.legend_none_fault : words.value.legend_none}
                n={nNone}
              />
            )}
            {nHidden > 0 && <Still swatch={null} name={words.value.legend_unknown} n={nHidden} />}
            {nothing.value > 0 && <Still swatch="none" name={words.value.legend_nothing} n={nothing.value} />}
            {metric.value.code === "uncovered" && (
              <li class="still">
                <span class="swatch gap" aria-hidden="true" />
                <span class="span">{words.value.legend_gap}</span>
              </li>
            )}
            {pointsInSight.value && (
              <li class="still">
                <span class={`swatch dot ${pointsInSight.value}`} aria-hidden="true" />
                <span class="span">{words.value[`legend_${pointsInSight.value}`]}</span>
              </li>
            )}
          </ul>
          {view.value.off.length > 0 && (
            <button type="button" class="plain small" onClick={() => show({ off: [] })}>
              {words.value.legend_reset}
            </button>
          )}
          {metric.value.unit !== "flag" && <Classing />}
        </>
      )}
    </div>
  );
}

function ClassRow({ span, place, spans }: { span: Class; place: number; spans: readonly Class[] }) {
  const { off } = view.value;
  const isOff = off.includes(place);
  const name = className(span, place, spans);
  const toggle = () => show({ off: isOff ? off.filter((one) => one !== place) : [...off, place].sort() });
  return (
    <li class={span.nAreas === 0 ? "absent" : ""}>
      <button type="button" class="class" aria-pressed={!isOff} title={words.value.legend_toggle} onClick={toggle}>
        <Swatch at={place} />
        <span class="span">{name}</span>
        <span class="n">{count(span.nAreas)}</span>
      </button>
    </li>
  );
}

/** A line of the legend that nothing can be done with. */
function Still({ swatch, name, n }: { swatch: "none" | null; name: string; n: number }) {
  return (
    <li class="still">
      <Swatch at={swatch} />
      <span class="span">{name}</span>
      <span class="n">{count(n)}</span>
    </li>
  );
}

function className(span: Class, place: number, spans: readonly Class[]): ComponentChildren {
  const { unit, code } = metric.value;
  if (unit === "flag" && code !== "week") return words.value.legend_flag;
  if (ramp.value === "target" && homesTarget.value) {
    const { floor, target, ceiling } = homesTarget.value;
    const { legend_aboveTarget, legend_belowTarget, legend_over, legend_under } = words.value;
    const names = [
      [legend_under, `< ${floor}`],
      [legend_belowTarget, `${floor}–${target}`],
      [legend_aboveTarget, `${target + 1}–${ceiling}`],
      [legend_over, `> ${ceiling}`],
    ];
    const [name, limits] = names[place] ?? [];
    return (
      <>
        {name} <span class="limits">{limits}</span>
      </>
    );
  }
  return spanText(span, place === spans.length - 1);
}

/** Whole numbers say their greatest; others go up to the next class. */
function spanText({ from, to }: Class, isLast: boolean): string {
  const { unit } = metric.value;
  const whole = unit === "homes" || unit === "flag";
  const end = whole && !isLast ? to - 1 : to;
  return from === end
    ? limitText(metric.value, from)
    : `${limitText(metric.value, from)}–${limitText(metric.value, end)}`;
}

function Heat() {
  return (
    <div class="legend-heat">
      <div class="heat-ramp" />
      <p class="ends">
        <span>{words.value.few}</span>
        <span>{words.value.legendHeat}</span>
        <span>{words.value.many}</span>
      </p>
    </div>
  );
}
