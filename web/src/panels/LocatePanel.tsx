import { ACTIONS } from "../state/keys";
import { followNeighbour } from "../state/neighbour";
import { question, region, words } from "../state/page";
import { isPhone } from "../state/screen";
import { AnswerCard } from "./AnswerCard";
import { Figures } from "./Figures";
import { Icon } from "./Icon";
import { PlaceBox } from "./PlaceBox";

followNeighbour();

/** Who is responsible at a place; until one is asked for, whom there is to ask. On a phone one press is enough. */
export function LocatePanel() {
  return (
    <>
      {isPhone && !question.value && (
        <button type="button" class="which-grid" onClick={ACTIONS.here.run}>
          <Icon name="here" />
          {words.value.do_here}
        </button>
      )}
      <PlaceBox />
      <AnswerCard />
      {region.value.value && (
        <details class="about">
          <summary>{words.value.figuresOf}</summary>
          <Figures region={region.value.value} />
        </details>
      )}
    </>
  );
}
