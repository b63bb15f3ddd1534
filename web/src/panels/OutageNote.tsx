import { askAllAgain } from "../api/retry";
import { answer } from "../state/answer";
import { measuring } from "../state/measured";
import { isBroken, outage, outageSince } from "../state/outage";
import { task, words } from "../state/page";
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

/** Since when, by the device's clock: that of the server cannot be asked. */
function sinceText(): string {
  const time = new Date(outageSince.value).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return filled(words.value.outageSince, { time });
}
