import { dataAge, dataText } from "../state/clock";
import { language } from "../state/page";

/** From when the figures are, and how old that makes them. */
export function AsOf() {
  if (dataText.value === null) return null;
  return (
    <p class="as-of">
      {dataText.value}
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
