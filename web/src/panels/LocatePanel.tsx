import { region, words } from "../state/page";
import { AnswerCard } from "./AnswerCard";
import { Figures } from "./Figures";
import { PlaceBox } from "./PlaceBox";

/** Who answers at a place; until one is asked for, whom there is to answer. */
export function LocatePanel() {
  return (
    <>
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
