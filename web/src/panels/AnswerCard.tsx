import { useLayoutEffect, useRef } from "preact/hooks";
import type { Answer } from "../api/locate";
import { answer, loadAnswer } from "../state/answer";
import { question, show, words } from "../state/page";
import { isNarrow } from "../state/screen";
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
    if (status === "ready" && isNarrow) card.current?.scrollIntoView({ block: "start" });
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
          <p class="as-of">
            {filled(words.value.answerAsOf, {
              day: asked.day ?? words.value.now,
              revision: String(value.revision),
              generation: String(value.generation),
            })}
          </p>
        </div>
      )}
    </article>
  );
}

function Found({ answer }: { answer: Answer }) {
  return (
    <>
      <First answer={answer} />
      <Certainty answer={answer} />
      <Areas answer={answer} />
      <Chain rungs={answer.chain} />
      <Mediators mediators={answer.mediators} />
    </>
  );
}
