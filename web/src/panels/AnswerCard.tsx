import { useLayoutEffect, useRef } from "preact/hooks";
import type { Answer, Question } from "../api/locate";
import { answer, loadAnswer } from "../state/answer";
import { dataText } from "../state/clock";
import { question, region, show, words } from "../state/page";
import { isPhone } from "../state/screen";
import { filled } from "../state/text";
import { Areas } from "./answer/Areas";
import { Certainty } from "./answer/Certainty";
import { Outside } from "./answer/Outside";
import { Places } from "./answer/Places";
import { Chain, First, Mediators } from "./answer/Responsible";
import { Icon } from "./Icon";
import { TroubleNote, Waiting } from "./parts";

/** Who is responsible at the place that was asked for. Not there until one was. */
export function AnswerCard() {
  const card = useRef<HTMLElement>(null);
  // On a phone the panel is short: an answer must not wait out of sight.
  const asked = question.value;
  const { value, status } = answer.value;
  useLayoutEffect(() => {
    if (status === "ready" && isPhone) card.current?.scrollIntoView({ block: "start" });
  }, [status, value]);
  if (!asked) return null;
  return (
    <article ref={card} class="answer" aria-label={words.value.whoAnswers} aria-busy={status === "loading"}>
      <button
        type="button"
        class="icon close"
        aria-label={words.value.close}
        title={words.value.close}
        onClick={() => show({ question: null })}
      >
        <Icon name="close" />
      </button>
      <TroubleNote of={answer.value} retry={() => loadAnswer(asked)} />
      {status === "loading" && !value && <Waiting />}
      {value && (
        <div class={status === "failed" ? "stale" : ""} aria-live="polite">
          <Places asked={asked} answer={value} />
          {value.grids.length > 0 ? <Found answer={value} /> : <Outside asked={asked} answer={value} />}
          <p class="as-of">{asOfText(asked, value)}</p>
        </div>
      )}
    </article>
  );
}

/** From when the answer is: of what is known now by the time of the data, of another day by that day. */
function asOfText({ day }: Question, { revision, generation }: Answer): string {
  if (day === null && revision === region.value.value?.revision && dataText.value !== null) return dataText.value;
  const numbers = { revision: String(revision), generation: String(generation) };
  return filled(words.value.answerAsOf, { day: day ?? words.value.now, ...numbers });
}

function Found({ answer }: { answer: Answer }) {
  return (
    <>
      <First answer={answer} />
      <Certainty answer={answer} />
      <Areas answer={answer} />
      <Chain chain={answer.chain} />
      <Mediators mediators={answer.mediators} />
    </>
  );
}
