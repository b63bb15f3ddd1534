import { askAllAgain } from "../api/retry";
import { isBroken, outage } from "../state/outage";
import { region, words } from "../state/page";
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
          {troubleText(outage.value)} {region.value.value && outOfDate}
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
