import { minuteIn } from "../api/region";
import { askAllAgain } from "../api/retry";
import { serverAhead } from "../api/server";
import { answer } from "../state/answer";
import { measuring } from "../state/measured";
import { isBroken, outage, outageSince } from "../state/outage";
import { region, task, words } from "../state/page";
import { filled } from "../state/text";
import { troubleText } from "../state/troubles";

/** The one place that says what keeps the page from its answers, with the one way to ask again at once. */
export function OutageNote() {
  const { broken, outOfDate, retry, reload } = words.value;
  if (outage.value) {
    // That nothing was imported yet is nobody's fault.
    const isFault = outage.value.kind !== "empty";
    return (
      <div class={isFault ? "trouble outage" : "outage"} role={isFault ? "alert" : "status"}>
        <p>
          {troubleText(outage.value)} {isSomethingShown() && `${outOfDate} ${sinceText()}`}
        </p>
        <button type="button" class="plain small" onClick={askAllAgain}>
          {retry}
        </button>
      </div>
    );
  }
  if (!isBroken.value) return null;
  return (
    <div class="trouble outage" role="alert">
      <p>{broken}</p>
      <button type="button" class="plain small" onClick={() => location.reload()}>
        {reload}
      </button>
    </div>
  );
}

function isSomethingShown(): boolean {
  return (task.value === "locate" ? answer.value.value : measuring.value.value) !== null;
}

/** Since when, by the region's clock; with the day where that is not today. */
function sinceText(): string {
  const offset = region.value.value?.utcOffset;
  if (offset === undefined) return "";
  const [since, now] = [outageSince.value, Date.now() + serverAhead()].map((ms) =>
    minuteIn(new Date(ms).toISOString(), offset),
  );
  const isToday = since?.slice(0, 10) === now?.slice(0, 10);
  return filled(words.value.outageSince, { time: (isToday ? since?.slice(-5) : since) ?? "" });
}
