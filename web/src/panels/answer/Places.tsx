import type { Answer, Question } from "../../api/locate";
import { answerText, placesOf } from "../../state/answerText";
import { words } from "../../state/page";
import { copy } from "../../state/share";
import { frameName } from "../../state/text";
import { degrees } from "../../state/url";

/** Telephones of the other kind end such an address in an error. */
const OPENS_GEO = /Android/.test(navigator.userAgent);

/** The place as it was asked for and in WGS 84, each with its frame; what is copied can be pasted back where it came from. */
export function Places({ asked, answer }: { asked: Question; answer: Answer }) {
  return (
    <div class="position">
      {placesOf(asked, answer).map(({ numbers, frame }) => (
        <p key={frame} class="framed">
          <span class="number">{numbers}</span> <span class="frame">{frameName(frame)}</span>{" "}
          <button
            type="button"
            class="link"
            aria-label={`${words.value.copyPlace} · ${frameName(frame)}`}
            onClick={() => copy(numbers, "said_copied")}
          >
            {words.value.copyPlace}
          </button>
        </p>
      ))}
      <div class="row">
        <button type="button" class="plain small" onClick={() => copy(answerText(asked, answer), "said_copied")}>
          {words.value.copyAnswer}
        </button>
        <button type="button" class="plain small" onClick={() => copy(location.href, "said_link")}>
          {words.value.copyLink}
        </button>
        {OPENS_GEO && (
          <a class="button plain small" href={`geo:${degrees(answer.position.lat)},${degrees(answer.position.lon)}`}>
            {words.value.openInMaps}
          </a>
        )}
      </div>
    </div>
  );
}
