import type { Period as Span } from "../api/figures";
import { dayIn } from "../api/region";
import { region, words } from "../state/page";

/** The first and the last day of what was counted, by the region's own clock. */
export function Period({ of: span }: { of: Span | null }) {
  if (!span) return null;
  const offset = region.value.value?.utcOffset ?? "+00:00";
  return (
    <p class="period">
      {words.value.card_period} {dayIn(span.from, offset)} {words.value.until} {dayIn(span.to, offset)}
    </p>
  );
}
