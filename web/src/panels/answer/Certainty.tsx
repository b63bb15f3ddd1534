import type { Answer, Candidate } from "../../api/locate";
import { linkRole, nameWithin } from "../../state/answerText";
import { question, words } from "../../state/page";
import type { TermName } from "../../state/terms";
import { metres } from "../../state/text";
import { Explain } from "../Explain";
import { Phone } from "./Phone";

const TERMS: readonly TermName[] = ["certain", "uncertain", "accuracy", "chain"];

/** Whether another grid could be meant, as exact as the place is known; and which, with whom to call there. */
export function Certainty({ answer }: { answer: Answer }) {
  if (answer.certain) {
    const exact = !question.value?.accuracyM;
    return (
      <p class="certainty">
        <strong>✓ {words.value.certain}</strong> {exact ? words.value.exactText : words.value.certainText}{" "}
        <Explain terms={TERMS} />
      </p>
    );
  }
  const owner = answer.grids.at(-1)?.id;
  return (
    <div class="certainty doubt">
      <strong>? {words.value.uncertain}</strong> {words.value.uncertainText} <Explain terms={TERMS} />
      <ul class="candidates">
        {answer.candidates
          .filter(({ id }) => id !== owner)
          .map((candidate) => (
            <CandidateRow key={candidate.id} candidate={candidate} />
          ))}
      </ul>
    </div>
  );
}

function CandidateRow({ candidate }: { candidate: Candidate }) {
  const { responsible, distanceM, code } = candidate;
  return (
    <li title={`${words.value.code} ${code}`}>
      <span class="name">{nameWithin(candidate)}</span> <span class="distance">{metres(distanceM)}</span>
      {responsible && (
        <span class="responsible">
          <span class="who">{responsible.holder.name}</span> <span class="role">{linkRole(responsible)}</span>{" "}
          <Phone of={responsible.holder} />
        </span>
      )}
    </li>
  );
}
