import { useSignal } from "@preact/signals";
import type { TargetedPointerEvent } from "preact";
import type { Hotspots, Week } from "../api/hotspots";
import { hotspots, mayNarrow, timeline, week } from "../state/measured";
import { filter, show, words } from "../state/page";
import { playing, showWeek } from "../state/play";
import { count } from "../state/text";
import { ActionButton } from "./parts";

const HEIGHT = 48;
const BAR = 6;

/** Reports week by week: drawn over to narrow the span, played to see where they move. */
export function TimeBrush() {
  const all = mayNarrow.value ? timeline.value.value : hotspots.value.value;
  if (!all || all.weeks.length === 0) return null;
  const played = week.value === null ? undefined : hotspots.value.value?.weeks[week.value];
  const { from, to } = filter.value;
  return (
    <section class="time">
      <h2>
        {words.value.timeBrush}
        <span class="aside">{spanText(all.weeks, from, to)}</span>
      </h2>
      <Bars all={all} played={played} />
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
            {played && `${played.week} · ${words.value.weekOf} ${played.from}`}
          </span>
        </div>
      )}
    </section>
  );
}

function spanText(weeks: readonly Week[], from: string | null, to: string | null): string {
  if (from === null && to === null) return words.value.allTime;
  return `${from ?? weeks[0]?.from ?? ""} – ${to ?? ""}`;
}

function Bars({ all, played }: { all: Hotspots; played: Week | undefined }) {
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
    const [first, last] = a < b ? [a, b] : [b, a];
    show({
      filter: { ...filter.value, from: weeks[first]?.from ?? null, to: dayBefore(weeks[last + 1]?.from ?? null) },
    });
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
        const value = total.byWeek[n] ?? 0;
        const height = Math.max(value > 0 ? 2 : 0.5, (value * (HEIGHT - 2)) / most);
        const isPlayed = one.week === played?.week;
        return (
          <g key={one.week} class={`${drawn(n) ? "in" : "out"} ${isPlayed ? "played" : ""}`}>
            <title>{`${one.week} · ${words.value.weekOf} ${one.from}: ${count(value)}`}</title>
            <rect class="back" x={n * BAR} y={0} width={BAR} height={HEIGHT} />
            <rect x={n * BAR + 0.75} y={HEIGHT - height} width={BAR - 1.5} height={height} />
          </g>
        );
      })}
    </svg>
  );
}

/** Tells which weeks are counted: those that are being drawn over, else those of the filter. */
function isDrawn(weeks: readonly Week[], from: number | null, to: number | null): (n: number) => boolean {
  if (from !== null && to !== null) return (n) => n >= Math.min(from, to) && n <= Math.max(from, to);
  const days = filter.value;
  return (n) => {
    const [start = "", end = "9"] = [weeks[n]?.from, weeks[n + 1]?.from];
    return (days.from === null || end > days.from) && (days.to === null || start <= days.to);
  };
}

/** The day before a day of the calendar. */
function dayBefore(day: string | null): string | null {
  return day === null ? null : new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
