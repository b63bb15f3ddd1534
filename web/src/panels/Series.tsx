import type { Week } from "../api/hotspots";
import { weekText } from "../state/caption";
import { hotspots } from "../state/measured";
import { words } from "../state/page";
import { filled, labelled } from "../state/text";
import { countText } from "../state/values";

const [WIDTH, HEIGHT] = [240, 36];

/** The incidents of one area, week by week, each bar with its week and count in words. */
export function Series({ byWeek }: { byWeek: readonly (number | null)[] }) {
  const weeks = hotspots.value.value?.weeks ?? [];
  const most = byWeek.reduce<number>((most, n) => Math.max(most, n ?? 0), 0);
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (!first || !last || most === 0) return null;
  const width = WIDTH / weeks.length;
  return (
    <figure class="series">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={seriesText(weeks, byWeek, most)}
      >
        {weeks.map((week, n) => {
          const height = ((byWeek[n] ?? 0) / most) * HEIGHT;
          return (
            <g key={week.week}>
              <title>{labelled(weekText(week), countText(byWeek[n] ?? null))}</title>
              <rect class="under" x={n * width} y={0} width={width} height={HEIGHT} />
              <rect x={n * width + width / 8} y={HEIGHT - height} width={(width * 3) / 4} height={height} />
            </g>
          );
        })}
      </svg>
      <figcaption class="ends aside">
        <span>{first.from}</span>
        <span>{filled(words.value.mostInWeek, { n: String(most) })}</span>
        <span>{last.from}</span>
      </figcaption>
    </figure>
  );
}

/** What the bars show, for those who do not see them: the weeks that had any. */
function seriesText(weeks: readonly Week[], byWeek: readonly (number | null)[], most: number): string {
  const some = weeks
    .filter((_, n) => byWeek[n] !== 0)
    .map((week) => labelled(week.from, countText(byWeek[weeks.indexOf(week)] ?? null)));
  return `${words.value.timeBrush}, ${filled(words.value.mostInWeek, { n: String(most) })}. ${some.join(", ")}`;
}
