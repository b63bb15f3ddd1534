import { useSignal } from "@preact/signals";
import type { TargetedPointerEvent } from "preact";
import type { Hotspots, Week } from "../api/hotspots";
import { countWeeks, isCounted } from "../state/brush";
import { daysText, periodText, weekText } from "../state/caption";
import { filterInForce, hotspots, isTimelineOfView, mayNarrow, playedWeek, timeline, week } from "../state/measured";
import { filter, show, words } from "../state/page";
import { playing, showWeek } from "../state/play";
import { labelled } from "../state/text";
import { countText } from "../state/values";
import { ActionButton } from "./parts";
import { WeekSliders } from "./WeekSliders";

const HEIGHT = 48;
const BAR = 6;

/** Reports week by week: drawn over to narrow the span, played to see where they move. */
export function TimeBrush() {
  const all = mayNarrow.value ? timeline.value.value : hotspots.value.value;
  if (!all || all.weeks.length === 0) return null;
  const played = playedWeek.value;
  const { from, to } = filterInForce.value;
  return (
    <section class={isTimelineOfView.value ? "time" : "time other"}>
      <h2>
        {words.value.timeBrush}
        <span class="aside">{played ? periodText.value : daysText()}</span>
      </h2>
      <div class="brush">
        <Bars all={all} played={played} />
        {mayNarrow.value && <WeekSliders weeks={all.weeks} />}
      </div>
      {mayNarrow.value && (
        <div class="row">
          <ActionButton
            of="play"
            icon={playing.value ? "pause" : "play"}
            text={playing.value ? words.value.pause : words.value.playWeeks}
          />
          {week.value !== null && (
            <button type="button" class="plain" onClick={() => showWeek(null)}>
              {words.value.stopPlaying}
            </button>
          )}
          {(from !== null || to !== null) && (
            <button
              type="button"
              class="plain"
              onClick={() => show({ filter: { ...filter.value, from: null, to: null } })}
            >
              {words.value.allTime}
            </button>
          )}
          <span class="played number" aria-live={playing.value ? "off" : "polite"}>
            {played && weekText(played)}
          </span>
        </div>
      )}
    </section>
  );
}

function Bars({ all, played }: { all: Hotspots; played: Week | null }) {
  const from = useSignal<number | null>(null);
  const to = useSignal<number | null>(null);
  const { weeks, total } = all;
  const most = Math.max(1, ...total.byWeek.map((n) => n ?? 0));
  const drawn = isDrawn(weeks, from.value, to.value);

  function weekAt(event: TargetedPointerEvent<SVGSVGElement>): number {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * weeks.length);
    return Math.min(Math.max(at, 0), weeks.length - 1);
  }

  function finish(): void {
    const [a, b] = [from.value, to.value];
    from.value = null;
    if (a === null || b === null) return;
    countWeeks(weeks, Math.min(a, b), Math.max(a, b));
  }

  return (
    <svg
      class={mayNarrow.value ? "weeks" : "weeks still"}
      viewBox={`0 0 ${weeks.length * BAR} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.value.timeBrush}
      onPointerDown={(event) => {
        if (!mayNarrow.value) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        from.value = weekAt(event);
        to.value = from.value;
      }}
      onPointerMove={(event) => {
        if (from.value !== null) to.value = weekAt(event);
      }}
      onPointerUp={finish}
      onPointerCancel={() => (from.value = null)}
    >
      {weeks.map((one, n) => {
        const value = total.byWeek[n] ?? null;
        const isPlayed = one.week === played?.week;
        return (
          <g
            key={one.week}
            class={`${drawn(n) ? "in" : "out"} ${isPlayed ? "played" : ""} ${value === null ? "withheld" : ""}`}
          >
            <title>{labelled(weekText(one), countText(value))}</title>
            <rect class="back" x={n * BAR} y={0} width={BAR} height={HEIGHT} />
            <Bar n={n} share={value === null ? null : value / most} />
          </g>
        );
      })}
    </svg>
  );
}

/** How high the bar is of a week whose count is withheld: it has a look of its own, and says nothing of how many. */
const WITHHELD = 4;

function Bar({ n, share }: { n: number; share: number | null }) {
  const height = share === null ? WITHHELD : Math.max(share > 0 ? 2 : 0.5, share * (HEIGHT - 2));
  return <rect x={n * BAR + 0.75} y={HEIGHT - height} width={BAR - 1.5} height={height} />;
}

/** Tells which weeks are counted: those that are being drawn over, else those of the filter. */
function isDrawn(weeks: readonly Week[], from: number | null, to: number | null): (n: number) => boolean {
  if (from !== null && to !== null) return (n) => n >= Math.min(from, to) && n <= Math.max(from, to);
  return isCounted(weeks);
}
