import type { Answer, Mediator, Rung } from "../../api/locate";
import { firstOf, rungRole } from "../../state/answerText";
import { language, words } from "../../state/page";
import { gridText, levelName, metres } from "../../state/text";
import { Section } from "../parts";
import { Phone } from "./Phone";

/** The server's own sentence, for those who read its language. */
function reason(why: string | null): string | undefined {
  return language.value === "en" && why !== null ? why : undefined;
}

/** Whom to call, in large type. */
export function First({ answer }: { answer: Answer }) {
  const { grids } = answer;
  const first = firstOf(answer);
  if (!first) return null;
  const at = grids.findIndex((grid) => grid.level === first.level);
  const grid = grids[at];
  return (
    <div class="first">
      <p class="who">{first.holder.name}</p>
      <p class="role">
        {rungRole(first)}
        {grid && ` · ${gridText(grid, grids.slice(0, at))}`}
      </p>
      <Phone of={first.holder} />
    </div>
  );
}

export function Chain({ rungs }: { rungs: readonly Rung[] }) {
  return (
    <Section title={words.value.chain}>
      <ol class="chain">
        {rungs.map((rung) => (
          <li key={rung.level} class={rung.how === "duty" ? "" : "filled"} title={reason(rung.why)}>
            <span class="level">{levelName(rung.level)}</span>
            <span class="who">{rung.holder.name}</span>
            <span class="role">{rungRole(rung)}</span>
            <Phone of={rung.holder} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

export function Mediators({ mediators }: { mediators: readonly Mediator[] }) {
  return (
    <Section title={words.value.mediators}>
      {mediators.length === 0 && <p>{words.value.noMediators}</p>}
      <ul class="mediators">
        {mediators.map(({ id, name, phone, body, distanceM, why }) => (
          <li key={id} title={reason(why)}>
            <span class="who">{name}</span>
            <span class="distance">{distanceM === null ? "" : metres(distanceM)}</span>
            {body !== null && <span class="role">{body}</span>}
            <Phone of={{ name, phone }} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
