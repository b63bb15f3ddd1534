import { useLayoutEffect, useRef } from "preact/hooks";
import type { Answer, GridName, Mediator, Rung } from "../api/locate";
import { answer, loadAnswer } from "../state/answer";
import { shortName } from "../state/names";
import { gridsOf, question, region, show, words } from "../state/page";
import { copy } from "../state/share";
import { count, levelName, metres, roleName } from "../state/text";
import { degrees } from "../state/url";
import { Icon } from "./Icon";
import { Section, TroubleNote, Waiting } from "./parts";

/** Who answers at the place that was asked for. Not there until one was. */
export function AnswerCard() {
  const card = useRef<HTMLElement>(null);
  // On a phone the panel is short: an answer must not wait out of sight.
  const asked = question.value;
  const { value, status } = answer.value;
  useLayoutEffect(() => {
    if (status === "ready" && matchMedia("(max-width: 760px)").matches)
      card.current?.scrollIntoView({ block: "start" });
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
          {value.grids.length > 0 ? <Found answer={value} /> : <Outside answer={value} />}
          <p class="as-of">
            {words.value.onDay} {asked.day ?? words.value.now} · {words.value.asOf} {value.revision} ·{" "}
            {words.value.generation} {value.generation}
          </p>
        </div>
      )}
    </article>
  );
}

function Found({ answer }: { answer: Answer }) {
  const leader = firstOf(answer);
  const ground = answer.grids.find((grid) => grid.level === leader?.level);
  return (
    <>
      <PlaceLine answer={answer} />
      {leader && (
        <div class="first">
          <p class="who">{leader.holder}</p>
          <p class="role">
            {rungRole(leader)}
            {ground && ` · ${gridText(ground)}`}
          </p>
        </div>
      )}
      <Certainty answer={answer} />
      <Section title={words.value.grids}>
        <ol class="path">
          {answer.grids.map((grid) => (
            <PathStep key={grid.id} grid={grid} />
          ))}
        </ol>
        <Edge edge={answer.edge} />
      </Section>
      <Section title={words.value.chain}>
        <ol class="chain">
          {answer.chain.map((rung) => (
            <ChainStep key={rung.level} rung={rung} />
          ))}
        </ol>
      </Section>
      <Mediators mediators={answer.mediators} />
    </>
  );
}

/** The lowest rung that is filled by one's own duty: whom to call. */
function firstOf({ chain }: Answer): Rung | undefined {
  return chain.find((rung) => rung.how === "duty") ?? chain[0];
}

function PlaceLine({ answer }: { answer: Answer }) {
  const { lon, lat } = answer.position;
  const text = `${degrees(lon)}, ${degrees(lat)}`;
  return (
    <div class="position">
      <span class="number">{text}</span>
      <div class="row">
        <button type="button" class="plain small" onClick={() => copy(text, "said_copied")}>
          {words.value.copyPlace}
        </button>
        <button type="button" class="plain small" onClick={() => copy(asText(answer), "said_copied")}>
          {words.value.copyAnswer}
        </button>
        <button type="button" class="plain small" onClick={() => copy(location.href, "said_link")}>
          {words.value.copyLink}
        </button>
      </div>
    </div>
  );
}

/** The answer as it is pasted into a message. */
function asText(answer: Answer): string {
  const { position, grids, chain, certain, candidates, mediators } = answer;
  const lines = [
    `${degrees(position.lon)}, ${degrees(position.lat)}`,
    grids.map((grid) => gridText(grid)).join(" › "),
    `${words.value.code} ${grids.at(-1)?.code ?? ""}`,
    certain ? words.value.certain : `${words.value.uncertain}: ${candidates.map(gridText).join(" / ")}`,
    ...chain.map((rung) => `${levelName(rung.level)}: ${rung.holder} (${rungRole(rung)})`),
    ...(mediators.length ? [`${words.value.mediators}: ${mediators.map(({ name }) => name).join(", ")}`] : []),
  ];
  return lines.join("\n");
}

function Certainty({ answer }: { answer: Answer }) {
  if (answer.certain) {
    const exact = !question.value?.accuracyM;
    return (
      <p class="certainty">
        <strong>✓ {words.value.certain}</strong> {exact ? words.value.exactText : words.value.certainText}
      </p>
    );
  }
  const owner = answer.grids.at(-1)?.id;
  return (
    <div class="certainty doubt">
      <strong>? {words.value.uncertain}</strong> {words.value.uncertainText}
      <ul>
        {answer.candidates
          .filter((grid) => grid.id !== owner)
          .map((grid) => (
            <li key={grid.id}>{gridText(grid)}</li>
          ))}
      </ul>
    </div>
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

function Edge({ edge }: { edge: Answer["edge"] }) {
  if (!edge) return null;
  return (
    <p class="edge">
      <strong>{metres(edge.distanceM)}</strong>{" "}
      {edge.neighbour ? `${words.value.edge}: ${gridText(edge.neighbour)}` : words.value.edgeOuter}
    </p>
  );
}

function ChainStep({ rung }: { rung: Rung }) {
  return (
    <li class={rung.how === "duty" ? "" : "filled"} title={rung.why ?? undefined}>
      <span class="level">{levelName(rung.level)}</span>
      <span class="who">{rung.holder}</span>
      <span class="role">{rungRole(rung)}</span>
    </li>
  );
}

function rungRole({ level, role, how }: Rung): string {
  const atTop = level === region.value.value?.levels[0]?.code;
  const key = how === "parent" && atTop ? "fallback" : how;
  const by =
    key === "duty" || key === "deputy" || key === "parent" || key === "fallback" ? words.value[`how_${key}`] : how;
  return role === null || role === "fallback" ? by : `${roleName(role)} · ${by}`;
}

function Mediators({ mediators }: { mediators: readonly Mediator[] }) {
  return (
    <Section title={words.value.mediators}>
      {mediators.length === 0 && <p>{words.value.noMediators}</p>}
      <ul class="mediators">
        {mediators.map(({ id, name, body, distanceM, why }) => (
          <li key={id} title={why}>
            <span class="who">{name}</span>
            <span class="distance">{distanceM === null ? "" : metres(distanceM)}</span>
            {body !== null && <span class="role">{body}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Outside({ answer }: { answer: Answer }) {
  return (
    <>
      <PlaceLine answer={answer} />
      <div class="first">
        <p class="who">{words.value.outside}</p>
        {answer.nearest && (
          <p>
            {metres(answer.nearest.distanceM)} {words.value.outsideNearest} {gridText(answer.nearest.grid)}
          </p>
        )}
      </div>
    </>
  );
}

function gridText({ name, code, level }: GridName): string {
  return name === null ? `${levelName(level)} ${code}` : shortName(name);
}
