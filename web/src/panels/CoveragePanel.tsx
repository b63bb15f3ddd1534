import type { Coverage } from "../api/coverage";
import { UNKNOWN } from "../api/figures";
import { coverage, isOfView, measureAgain, metric } from "../state/measured";
import { CLOSED_AT, metricOf } from "../state/metrics";
import { show, words } from "../state/page";
import { count, levelName } from "../state/text";
import { figureText } from "../state/values";
import { Cards } from "./Cards";
import { Filters } from "./Filters";
import { afterMap } from "./later";
import { Period } from "./Period";
import { TroubleNote, Waiting } from "./parts";
import { Ranking } from "./Ranking";
import { Released } from "./Released";
import { WholePlace } from "./WholePlace";

const Chosen = afterMap(() => import("./Chosen").then((file) => file.Chosen));
const Exports = afterMap(() => import("./Exports").then((file) => file.Exports));

/** How well the ground is covered. Figures of another level or period than what is asked for are not seen. */
export function CoveragePanel() {
  const { value, status } = coverage.value;
  return (
    <>
      <TroubleNote of={coverage.value} retry={measureAgain} />
      {status === "loading" && !value && <Waiting />}
      {value && (
        <div class={status === "failed" ? "stack stale" : "stack"} aria-busy={status === "loading"}>
          <div class={isOfView.value ? "stack" : "stack other"}>
            <WholePlace />
            <Cards coverage={value} />
            <ClosedAt coverage={value} />
            <Released of={value} />
          </div>
          <div class="counted">
            <span class={isOfView.value ? "" : "other"}>
              <Period of={value.period} />
            </span>
            <details>
              <summary>{words.value.filters}</summary>
              <Filters coverage />
            </details>
          </div>
          <Chosen />
          <Ranking />
          {isOfView.value && <Exports />}
        </div>
      )}
    </>
  );
}

/** 小事不出村: the share of all incidents that was settled at each level. */
function ClosedAt({ coverage: { total, tiers } }: { coverage: Coverage }) {
  const known = tiers.filter((tier) => total.figures[CLOSED_AT + tier] && !total.figures[CLOSED_AT + tier]?.withheld);
  if (known.length === 0) return null;
  return (
    <section>
      <h2>{words.value.metric_closed}</h2>
      <div class="closed-at">
        {known.reverse().map((tier) => {
          const shown = metricOf(CLOSED_AT + tier);
          const figure = total.figures[shown.code] ?? UNKNOWN;
          return (
            <button
              key={tier}
              type="button"
              class="closed-level"
              aria-pressed={metric.value.code === shown.code}
              onClick={() => show({ metric: shown.code, classing: null, off: [] })}
            >
              <span>{levelName(tier)}</span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${100 * (figure.value ?? 0)}%` }} />
              </span>
              <span class="number">{figureText(shown, figure.value, figure)}</span>
              <span class="aside number">{figure.numerator === null ? "" : count(figure.numerator)}</span>
            </button>
          );
        })}
      </div>
    </section>
  );
}
