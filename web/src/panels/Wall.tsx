import { type Figure, UNKNOWN } from "../api/figures";
import { coverage, hotspots, measuring, metric } from "../state/measured";
import { region, task, words } from "../state/page";
import { measuredLevel } from "../state/places";
import { count, levelName, levelsName, metricName, named } from "../state/text";
import { percent } from "../state/values";
import { AsOf } from "./AsOf";
import { Waiting } from "./parts";

/** A few figures as large as a room asks for, beside the map; no control, since nobody stands there. */
export function Wall() {
  const here = region.value.value;
  const level = measuredLevel.value;
  const isHere = measuring.value.value !== null;
  return (
    <aside class="wall" aria-label={words.value.panelLabel}>
      <h1>{here ? named(here.names) : words.value.product}</h1>
      <h2>{[metricName(metric.value), level === null ? "" : levelName(level)].filter(Boolean).join(" · ")}</h2>
      {!isHere && <Waiting />}
      {isHere && (
        <dl class={measuring.value.status === "failed" ? "stale" : ""}>
          {task.value === "hotspots" ? <Reports /> : <Covered />}
        </dl>
      )}
      <AsOf />
    </aside>
  );
}

/** Of a figure of which any is too many: how many, of how many. */
const FAULTS = ["over_ceiling", "without_leader", "without_grid"] as const;

function Covered() {
  const found = coverage.value.value;
  if (!found) return null;
  const figure = (code: string): Figure => found.total.figures[code] ?? UNKNOWN;
  const unit = (code: string) => (code === "without_grid" ? words.value.homesUnit : levelsName(found.level));
  const faults = FAULTS.filter((code) => figure(code).denominator !== null);
  return (
    <>
      <Large name={words.value.card_homes} main={amount(figure("homes").numerator)} />
      {faults.map((code) => (
        <Large
          key={code}
          name={metricName({ code })}
          main={amount(figure(code).numerator)}
          sub={`/ ${amount(figure(code).denominator)} ${unit(code)}`}
        />
      ))}
      <Resolved figure={figure("resolved")} />
    </>
  );
}

function Resolved({ figure }: { figure: Figure }) {
  const main = figure.value === null ? words.value.notShown : percent(figure.value);
  const sub = `${amount(figure.numerator)} / ${amount(figure.denominator)}`;
  return <Large name={metricName({ code: "resolved" })} main={main} sub={sub} />;
}

/** How many of the areas with the most incidents are named: a rate of few homes says little from afar. */
const N_HOTTEST = 3;

function Reports() {
  const found = hotspots.value.value;
  if (!found) return null;
  const { incidents } = found.total;
  const rate = (figure: Figure) => figure.value?.toFixed(2) ?? words.value.notShown;
  const hottest = found.rows
    .filter(({ incidents }) => (incidents.numerator ?? 0) > 0)
    .sort((a, b) => (b.incidents.numerator ?? 0) - (a.incidents.numerator ?? 0))
    .slice(0, N_HOTTEST);
  return (
    <>
      <Large name={words.value.count} main={amount(incidents.numerator)} />
      <Large name={metricName({ code: "incidents" })} main={rate(incidents)} />
      {hottest.map(({ code, name, incidents }) => (
        <Large
          key={code}
          name={name ?? code}
          main={amount(incidents.numerator)}
          sub={`/ ${amount(incidents.denominator)} ${words.value.homesUnit}`}
        />
      ))}
    </>
  );
}

function Large({ name, main, sub = "" }: { name: string; main: string; sub?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{main}</strong> {sub}
      </dd>
    </div>
  );
}

function amount(value: number | null): string {
  return value === null ? words.value.notShown : count(value);
}
