import type { Fallback } from "../api/hotspots";
import { hotspotsAddress } from "../api/hotspots";
import { hotspotQuestion, hotspots, measureAgain } from "../state/measured";
import { map, show, view, words } from "../state/page";
import { count, filled, percent } from "../state/text";
import type { Surface } from "../state/url";
import { Chosen } from "./Chosen";
import { Exports } from "./Exports";
import { Filters } from "./Filters";
import { Icon } from "./Icon";
import { Period } from "./Period";
import { Choice, TroubleNote, Waiting } from "./parts";
import { Ranking } from "./Ranking";
import { Released } from "./Released";
import { TimeBrush } from "./TimeBrush";

/** Where and when reports gather. */
export function HotspotPanel() {
  const { value, status } = hotspots.value;
  const question = hotspotQuestion.value;
  return (
    <>
      <TroubleNote of={hotspots.value} retry={measureAgain} />
      {status === "loading" && !value && <Waiting />}
      {value && (
        <div class={status === "failed" ? "stack stale" : "stack"} aria-busy={status === "loading"}>
          <div>
            <Total figure={value.total.incidents} />
            <Period of={value.period} />
          </div>
          <Released of={value} />
          {value.fallback.points.map((fallback, n) => (
            <Warning key={n} fallback={fallback} />
          ))}
          <Choice<Surface>
            name="surface"
            label={words.value.surface}
            value={view.value.surface}
            options={(["rate", "heat"] as const).map((one) => ({ value: one, text: words.value[`surface_${one}`] }))}
            choose={(surface) => show({ surface })}
          />
          <TimeBrush />
          <Filters />
          <Chosen />
          <Ranking />
          {question && <Exports csv={hotspotsAddress(question, "csv")} />}
        </div>
      )}
    </>
  );
}

function Total({ figure }: { figure: { numerator: number | null; denominator: number | null; value: number | null } }) {
  const { hotspotNone, hotspotTotal, homesUnit, notShown, per100 } = words.value;
  if (figure.numerator === 0) return <p class="total">{hotspotNone}</p>;
  return (
    <p class="total">
      <strong>{figure.numerator === null ? notShown : count(figure.numerator)}</strong> {hotspotTotal}
      {figure.value !== null && (
        <span class="aside">
          {per100} {figure.value.toFixed(2)}
          {figure.denominator !== null && ` · ${count(figure.denominator)} ${homesUnit}`}
        </span>
      )}
    </p>
  );
}

/** As near as a single point is looked at. */
const NEAR = 14;

/** One point that stands for "somewhere here" is not a hotspot. */
function Warning({ fallback: { at, figure } }: { fallback: Fallback }) {
  const commands = map.value === "undrawable" ? null : map.value;
  const text = filled(words.value.fallbackWarning, {
    share: figure.value === null ? words.value.notShown : percent(figure.value),
    n: figure.numerator === null ? words.value.notShown : count(figure.numerator),
    of: figure.denominator === null ? words.value.notShown : count(figure.denominator),
  });
  return (
    <div class="warning" role="note">
      <Icon name="warn" />
      <p>{text}</p>
      {at && commands && (
        <button type="button" class="plain small" onClick={() => commands?.goTo(at[0], at[1], NEAR)}>
          {words.value.fallbackShow}
        </button>
      )}
    </div>
  );
}
