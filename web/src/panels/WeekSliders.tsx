import type { Week } from "../api/hotspots";
import { countWeeks, isCounted } from "../state/brush";
import { weekText } from "../state/caption";
import { words } from "../state/page";

/** The first and the last week that are counted, moved by the arrow keys: what the brush is by pointer. Seen while one has the focus. */
export function WeekSliders({ weeks }: { weeks: readonly Week[] }) {
  const counted = weeks.map((_, n) => n).filter(isCounted(weeks));
  const [first, last] = [counted[0] ?? 0, counted.at(-1) ?? weeks.length - 1];
  const { brushFirst, brushLast } = words.value;
  const move = (n: number, isFirst: boolean) =>
    isFirst ? countWeeks(weeks, Math.min(n, last), last) : countWeeks(weeks, first, Math.max(n, first));
  return (
    <div class="week-sliders">
      {[first, last].map((at, side) => (
        <input
          key={side}
          type="range"
          min={0}
          max={weeks.length - 1}
          value={at}
          aria-label={side === 0 ? brushFirst : brushLast}
          aria-valuetext={weeks[at] && weekText(weeks[at])}
          onInput={({ currentTarget }) => {
            move(currentTarget.valueAsNumber, side === 0);
            // It stops at the other end.
            currentTarget.valueAsNumber = Math[side === 0 ? "min" : "max"](
              currentTarget.valueAsNumber,
              side ? first : last,
            );
          }}
        />
      ))}
    </div>
  );
}
