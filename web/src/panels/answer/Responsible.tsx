import type { Answer, ChainLink, Mediator } from "../../api/locate";
import { firstOf, linkRole } from "../../state/answerText";
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
        {linkRole(first)}
        {grid && ` · ${gridText(grid, grids.slice(0, at))}`}
      </p>
      <Phone of={first.holder} />
    </div>
  );
}

export function Chain({ chain }: { chain: readonly ChainLink[] }) {
  return (
    <Section title={words.value.chain}>
      <ol class="chain">
        {chain.map((link) => (
          <li key={link.level} class={link.how === "duty" ? "" : "filled"} title={reason(link.why)}>
            <span class="level">{levelName(link.level)}</span>
            <span class="who">{link.holder.name}</span>
            <span class="role">{linkRole(link)}</span>
            <Phone of={link.holder} />
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
