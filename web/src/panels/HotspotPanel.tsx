import type { Figure } from "../api/figures";
import type { Fallback } from "../api/hotspots";
import { periodText } from "../state/caption";
import {
  countedIn,
  HOTSPOT_METRIC,
  hotspots,
  isOfView,
  mayNarrow,
  measureAgain,
  measuring,
  playedWeek,
  than,
} from "../state/measured";
import { map, show, view, words } from "../state/page";
import { count, filled } from "../state/text";
import type { Surface } from "../state/url";
import { countText, percent, valueText } from "../state/values";
import { Chosen } from "./Chosen";
import { ChangeOfTotal, Comparison } from "./Comparison";
import { Explain } from "./Explain";
import { Exports } from "./Exports";
import { ClearFilters, Filters } from "./Filters";
import { Icon } from "./Icon";
import { Period } from "./Period";
import { Choice, TroubleNote, Waiting } from "./parts";
import { Ranking } from "./Ranking";
import { Released } from "./Released";
import { TimeBrush } from "./TimeBrush";
import { WholePlace } from "./WholePlace";

/** Where and when reports gather. */
export function HotspotPanel() {
  const { value } = hotspots.value;
  const { status } = measuring.value;
  return (
    <>
      <TroubleNote of={measuring.value} retry={measureAgain} />
      {status === "loading" && !value && <Waiting />}
      {value && (
        <div class={status === "failed" ? "stack stale" : "stack"} aria-busy={status === "loading"}>
          <div class={isOfView.value ? "stack" : "stack other"}>
            <div>
              <WholePlace />
              <Total figure={countedIn(value.total)} />
              {playedWeek.value || than.value ? <p class="period">{periodText.value}</p> : <Period of={value.period} />}
              {than.value && <ChangeOfTotal />}
            </div>
            <Released of={value} />
            {!playedWeek.value && value.fallback.points.map((fallback, n) => <Warning key={n} fallback={fallback} />)}
          </div>
          <Choice<Surface>
            name="surface"
            label={words.value.surface}
            value={view.value.surface}
            options={(["rate", "heat"] as const).map((one) => ({ value: one, text: words.value[`surface_${one}`] }))}
            choose={(surface) => show({ surface })}
          />
          <TimeBrush />
          <Filters />
          {mayNarrow.value && view.value.surface === "rate" && <Comparison />}
          <Chosen />
          {(than.value || value.total.incidents.numerator !== 0) && <Ranking />}
          {isOfView.value && <Exports />}
        </div>
      )}
    </>
  );
}

function Total({ figure: { numerator, denominator, value } }: { figure: Figure }) {
  const { homesUnit, hotspotNone, hotspotTotal, per100 } = words.value;
  if (numerator === 0) {
    return (
      <p class="total">
        {hotspotNone} <ClearFilters />
      </p>
    );
  }
  const rate = value === null ? null : filled(per100, { n: valueText(HOTSPOT_METRIC, value) });
  const homes = denominator === null ? null : `${count(denominator)} ${homesUnit}`;
  const beside = [rate, homes].filter((part) => part !== null);
  const [before, after] = numerator === null ? [words.value.count + words.value.colon] : hotspotTotal.split("{n}");
  return (
    <p class="total">
      {before}
      <strong>{countText(numerator)}</strong>
      {after}
      {beside.length > 0 && <span class="aside"> · {beside.join(" · ")}</span>}{" "}
      <Explain terms={["incidents", "week", "heat", "withheld"]} />
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
    n: countText(figure.numerator),
    of: countText(figure.denominator),
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
