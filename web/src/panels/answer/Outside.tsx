import type { Answer, Question } from "../../api/locate";
import { askThere, isDevice, swappedInside } from "../../state/answer";
import { outsideText } from "../../state/answerText";
import { region, words } from "../../state/page";
import { filled, metres } from "../../state/text";
import { degrees } from "../../state/url";

/** A place that no area covers: how far off it is, and the same numbers the other way round where these fall inside. */
export function Outside({ asked, answer: { nearest } }: { asked: Question; answer: Answer }) {
  const swapped = swappedInside(asked, region.value.value?.bbox ?? null);
  return (
    <div class="first">
      <p class="who">{outsideText()}</p>
      {swapped && (
        <button type="button" class="plain" onClick={() => askThere(swapped.lon, swapped.lat, asked.frame)}>
          {filled(words.value.askSwapped, { lon: degrees(swapped.lon), lat: degrees(swapped.lat) })}
        </button>
      )}
      {nearest && <p>{filled(words.value.outsideNearest, { distance: metres(nearest.distanceM) })}</p>}
      {!isDevice(asked) && <p>{words.value.outsideHint}</p>}
    </div>
  );
}
