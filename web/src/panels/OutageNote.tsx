import { askAllAgain } from "../api/retry";
import { answer } from "../state/answer";
import { measuring } from "../state/measured";
import { isBroken, outage } from "../state/outage";
import { task, words } from "../state/page";
import { troubleText } from "../state/troubles";

/** The one place that says what keeps the page from its answers, with the one way to ask again at once. */
export function OutageNote() {
  const { broken, outOfDate, retry, reload } = words.value;
  if (outage.value) {
    return (
      <div class="trouble outage" role="alert">
        <p>
          {troubleText(outage.value)} {isSomethingShown() && outOfDate}
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
