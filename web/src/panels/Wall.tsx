import { type Figure, UNKNOWN } from "../api/figures";
import type { Hotspots } from "../api/hotspots";
import { timeText } from "../state/clock";
import { daysAfter, today } from "../state/days";
import { coverage, hotspots, measuring, metric } from "../state/measured";
import { region, task, words } from "../state/page";
import { measuredLevel } from "../state/places";
import { areaName, count, filled, labelled, levelName, levelsName, metricName, named } from "../state/text";
import { percent } from "../state/values";
import { everyMs, turn } from "../state/wall";
import { AsOf } from "./AsOf";
import { Waiting } from "./parts";

/** A few figures as large as a room asks for, beside the map; no control, since nobody stands there. */
export function Wall() {
  const here = region.value.value;
  const level = measuredLevel.value;
  const isHere = measuring.value.value !== null;
  return (
    <aside class="wall" aria-label={words.value.panelLabel}>
      <div class="wall-head">
        <h1>{here ? named(here.names) : words.value.product}</h1>
        <p class="clock">{timeText.value}</p>
      </div>
      <h2>{[metricName(metric.value), level === null ? "" : levelName(level)].filter(Boolean).join(" · ")}</h2>
      {!isHere && <Waiting />}
      {isHere && (
        <dl class={measuring.value.status === "failed" ? "stale" : ""}>
          {task.value === "hotspots" ? <Reports /> : <Covered />}
        </dl>
      )}
      <AsOf />
      {everyMs.value > 0 && (
        <div key={turn.value} class="turn" style={{ animationDuration: `${everyMs.value}ms` }} aria-hidden="true" />
      )}
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
  const level = measuredLevel.value;
  const rate = (figure: Figure) => figure.value?.toFixed(2) ?? words.value.notShown;
  const hottest = found.rows
    .filter(({ incidents }) => (incidents.numerator ?? 0) > 0)
    .sort((a, b) => (b.incidents.numerator ?? 0) - (a.incidents.numerator ?? 0))
    .slice(0, N_HOTTEST);
  return (
    <>
      <Large
        name={words.value.count}
        main={amount(incidents.numerator)}
        sub={labelled(metricName({ code: "incidents" }), rate(incidents))}
      />
      <Lately of={found} />
      {hottest.map(({ code, name, parent, incidents }) => (
        <Large
          key={code}
          name={areaName({ code, name, parent }, level)}
          main={amount(incidents.numerator)}
          sub={`/ ${amount(incidents.denominator)} ${words.value.homesUnit}`}
        />
      ))}
    </>
  );
}

/** How many incidents there were in the last weeks, and in as many before; nothing where one of them is withheld. */
function Lately({ of: { weeks: all, total } }: { of: Hotspots }) {
  // A week that is not over would always look like fewer.
  const weeks = all.filter(({ from }) => daysAfter(from, DAYS_OF_WEEK) <= today());
  const [before, now] = [2, 1].map((n) => sumOfWeeks(total.byWeek, weeks.length - n * N_LATELY));
  const [first, last] = [weeks.at(-N_LATELY), weeks.at(-1)];
  if (before === undefined || now === undefined || !first || !last) return null;
  if (before === null || now === null || weeks.length < 2 * N_LATELY) return null;
  const name = filled(words.value.lately, { from: first.week, to: last.week });
  return <Large name={name} main={count(now)} sub={filled(words.value.latelyBefore, { n: count(before) })} />;
}

/** As many weeks as the last and the ones before are compared by: about a month. */
const N_LATELY = 4;
const DAYS_OF_WEEK = 7;

function sumOfWeeks(byWeek: readonly (number | null)[], from: number): number | null {
  const some = byWeek.slice(Math.max(0, from), from + N_LATELY);
  return some.every((n) => n !== null) ? some.reduce((sum: number, n) => sum + (n ?? 0), 0) : null;
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
