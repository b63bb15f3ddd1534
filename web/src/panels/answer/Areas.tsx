import type { Answer, GridName } from "../../api/locate";
import { edgeText } from "../../state/answerText";
import { shortName } from "../../state/names";
import { gridsOf, words } from "../../state/page";
import { count, levelName } from "../../state/text";
import { Section } from "../parts";

/** The areas that hold the place, from the top down, and how far it is to the nearest edge. */
export function Areas({ answer: { grids, edge } }: { answer: Answer }) {
  return (
    <Section title={words.value.grids}>
      <ol class="path">
        {grids.map((grid) => (
          <PathStep key={grid.id} grid={grid} />
        ))}
      </ol>
      {edge && <p class="edge">{edgeText(edge)}</p>}
    </Section>
  );
}

function PathStep({ grid }: { grid: GridName }) {
  const homes = gridsOf(grid.level)?.find((one) => one.id === grid.id)?.nHouseholds ?? null;
  return (
    <li>
      <span class="level">{levelName(grid.level)}</span>
      <span class="name">{grid.name === null ? "" : shortName(grid.name)}</span>
      <span class="code" title={words.value.code}>
        {grid.code}
      </span>
      {homes !== null && (
        <span class="homes">
          {count(homes)} {words.value.homes}
        </span>
      )}
    </li>
  );
}
