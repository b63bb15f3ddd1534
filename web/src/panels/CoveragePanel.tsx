import { type Coverage, coverageAddress } from "../api/coverage";
import { type Figure, UNKNOWN } from "../api/figures";
import { coverage, coverageQuestion, measureAgain, metric } from "../state/measured";
import { CLOSED_AT, metricOf } from "../state/metrics";
import { show, view, words } from "../state/page";
import { count, ground, levelName, levelsName, metricName, percent } from "../state/text";
import { Chosen } from "./Chosen";
import { Exports } from "./Exports";
import { Filters } from "./Filters";
import { Period } from "./Period";
import { TroubleNote, Waiting } from "./parts";
import { Ranking } from "./Ranking";
import { Released } from "./Released";

/** How well the ground is covered: every card is a figure of the whole place, and colours the map when chosen. */
export function CoveragePanel() {
  const { value, status } = coverage.value;
  const question = coverageQuestion.value;
  return (
    <>
      <TroubleNote of={coverage.value} retry={measureAgain} />
      {status === "loading" && !value && <Waiting />}
      {value && (
        <div class={status === "failed" ? "stack stale" : "stack"} aria-busy={status === "loading"}>
          <Cards coverage={value} />
          <ClosedAt coverage={value} />
          <Released of={value} />
          <div class="counted">
            <Period of={value.period} />
            <details>
              <summary>{words.value.filters}</summary>
              <Filters coverage />
            </details>
          </div>
          <Chosen />
          <Ranking />
          {question && <Exports csv={coverageAddress(question, "csv")} />}
        </div>
      )}
    </>
  );
}

/** Only the highest, or the lowest, class of the target's four stays in sight. */
const ONLY_OVER = [0, 1, 2];
const ONLY_UNDER = [1, 2, 3];

function Cards({ coverage: { total, householdTarget: target, level } }: { coverage: Coverage }) {
  const figure = (code: string): Figure => total.figures[code] ?? UNKNOWN;
  const areas = levelsName(level);
  const { card_homes, card_noRule, card_target, homesUnit } = words.value;
  const faults = (code: string, unit: string) => ({
    fault: figure(code),
    main: amount(figure(code).numerator),
    sub: `/ ${amount(figure(code).denominator)} ${unit}`,
  });
  const grounds = (code: string) => ({
    fault: figure(code),
    main: area(figure(code).numerator),
    sub: `/ ${area(figure(code).denominator)}`,
  });
  const [homes, incidents, resolved] = [figure("homes"), figure("incidents"), figure("resolved")];
  return (
    <div class="cards">
      <Card
        code="homes"
        name={card_homes}
        main={amount(homes.numerator)}
        sub={target ? `${card_target} ${target.target} / ${levelName(level)}` : card_noRule}
      />
      {target && (
        <>
          <Card code="over_ceiling" limit={`> ${target.ceiling}`} only={ONLY_OVER} {...faults("over_ceiling", areas)} />
          <Card code="under_floor" limit={`< ${target.floor}`} only={ONLY_UNDER} {...faults("under_floor", areas)} />
        </>
      )}
      <Card code="without_leader" {...faults("without_leader", areas)} />
      <Card code="lacking_roles" {...faults("lacking_roles", areas)} />
      <Card code="without_grid" {...faults("without_grid", homesUnit)} />
      <Card code="uncovered" {...grounds("uncovered")} />
      <Card code="overlap" {...grounds("overlap")} />
      <Card
        code="incidents"
        main={incidents.value?.toFixed(2) ?? none(incidents)}
        sub={`${amount(incidents.numerator)} / ${amount(incidents.denominator)} ${homesUnit}`}
      />
      <Card
        code="resolved"
        main={share(resolved)}
        sub={`${amount(resolved.numerator)} / ${amount(resolved.denominator)}`}
      />
    </div>
  );
}

type CardProps = {
  code: string;
  name?: string;
  main: string;
  sub: string;
  /** A figure of which any is too many. */
  fault?: Figure;
  /** The homes beyond which an area counts. Such a card shows the homes, with other classes switched off. */
  limit?: string;
  only?: readonly number[];
};

function Card({ code, name = metricName({ code }), main, sub, fault, limit, only }: CardProps) {
  const shows = only ? "homes" : code;
  const off = only ?? [];
  const chosen = metric.value.code === shows && view.value.off.join() === off.join();
  return (
    <button
      type="button"
      class={(fault?.numerator ?? 0) > 0 ? "card wrong" : "card"}
      aria-pressed={chosen}
      onClick={() => show({ metric: shows, classing: null, off })}
    >
      <span class="card-name">
        {name} {limit && <span class="aside">{limit}</span>}
      </span>
      <span class="card-line">
        <span class="card-main">{main}</span> <span class="card-sub">{sub}</span>
      </span>
    </button>
  );
}

/** 小事不出村: the share of all reports that was settled at each level. */
function ClosedAt({ coverage: { total, tiers } }: { coverage: Coverage }) {
  const rungs = tiers.filter((tier) => total.figures[CLOSED_AT + tier]).reverse();
  if (rungs.length === 0) return null;
  return (
    <section>
      <h2>{words.value.metric_closed}</h2>
      <div class="rungs">
        {rungs.map((tier) => {
          const code = CLOSED_AT + tier;
          const figure = total.figures[code] ?? UNKNOWN;
          return (
            <button
              key={tier}
              type="button"
              class="rung"
              aria-pressed={metric.value.code === metricOf(code).code}
              onClick={() => show({ metric: code, classing: null, off: [] })}
            >
              <span>{levelName(tier)}</span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: percent(figure.value ?? 0).replace(" ", "") }} />
              </span>
              <span class="number">{share(figure)}</span>
              <span class="aside number">{figure.numerator === null ? "" : count(figure.numerator)}</span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function amount(value: number | null): string {
  return value === null ? words.value.notShown : count(value);
}

function area(m2: number | null): string {
  return m2 === null ? words.value.unknown : ground(m2);
}

/** 0 of 0 is "none", never 100 %. */
function share(figure: Figure): string {
  return figure.value === null ? none(figure) : percent(figure.value);
}

function none({ numerator }: Figure): string {
  return numerator === null ? words.value.notShown : words.value.card_none;
}
