import { minuteIn } from "../api/region";
import { dataAge, dataFrom } from "../state/clock";
import { language, region, words } from "../state/page";
import { filled } from "../state/text";

/** From when the figures are, by the region's own clock, and how old that makes them. */
export function AsOf() {
  const here = region.value.value;
  if (!here || dataFrom.value === null) return null;
  const text = filled(words.value.dataOf, {
    when: minuteIn(dataFrom.value, here.utcOffset),
    revision: String(here.revision),
    boundaries: String(here.generation.number),
  });
  return (
    <p class="as-of">
      {text}
      {dataAge.value !== null && ` · ${ageText(dataAge.value)}`}
    </p>
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The largest whole unit that says it. */
function ageText(ms: number): string {
  const format = new Intl.RelativeTimeFormat(language.value === "zh" ? "zh-CN" : "en", { numeric: "auto" });
  if (ms < 2 * HOUR) return format.format(-Math.floor(ms / MINUTE), "minute");
  if (ms < 2 * DAY) return format.format(-Math.floor(ms / HOUR), "hour");
  return format.format(-Math.floor(ms / DAY), "day");
}
