import type { Coverage } from "../api/coverage";
import { type Figure, UNKNOWN } from "../api/figures";
import { metric } from "../state/measured";
import { METRICS, metricOf } from "../state/metrics";
import { show, view, words } from "../state/page";
import { CARD_TERMS } from "../state/terms";
import { count, filled, ground, levelName, levelsName, metricName } from "../state/text";
import { countText, figureText } from "../state/values";
import { Explain } from "./Explain";

/** Only the highest, or the lowest, class of the target's four stays in sight. */
const ONLY_OVER = [0, 1, 2];
const ONLY_UNDER = [1, 2, 3];

type CardProps = {
  code: string;
  figure: Figure;
  main: string;
  sub: string;
  /** Whether any of it is too many. */
  isFault?: boolean;
  /** The homes beyond which an area counts. Such a card shows the homes, with other classes switched off. */
  limit?: string;
  only?: readonly number[];
};

/** The figures of the whole place, each of which colours the map when it is chosen. Those that are withheld are named in one line. */
export function Cards({ coverage }: { coverage: Coverage }) {
  const all = cardsOf(coverage);
  const withheld = all.filter(({ figure }) => figure.withheld);
  const names = withheld.map(({ code }) => cardName(code)).join(words.value.comma);
  return (
    <>
      <div class="cards">
        {all
          .filter((card) => !withheld.includes(card))
          .map((card) => (
            <Card key={card.code} {...card} />
          ))}
      </div>
      <Explain terms={CARD_TERMS} text={words.value.whatAreThese} />
      {withheld.length > 0 && <p class="hint">{filled(words.value.withheldFigures, { names })}</p>}
    </>
  );
}

function cardsOf({ total, rows, householdTarget: target, level }: Coverage): CardProps[] {
  const { card_noRule, card_rule, homesUnit } = words.value;
  const of = (code: string): Figure => total.figures[code] ?? UNKNOWN;
  const card = (code: string, main: string, sub: string, more: Partial<CardProps> = {}): CardProps => {
    return { code, figure: of(code), main, sub, ...more };
  };
  const fault = (code: string, unit: string, more: Partial<CardProps> = {}) => {
    const { numerator, denominator } = of(code);
    return card(code, countText(numerator), `/ ${countText(denominator)} ${unit}`, { isFault: true, ...more });
  };
  const areas = (code: string, more: Partial<CardProps> = {}) =>
    fault(code, levelsName(level) + missingAreas(of(code), rows.length), more);
  const grounds = (code: string) =>
    card(code, area(of(code).numerator), `/ ${area(of(code).denominator)}`, { isFault: true });
  const valued = (code: string, unit: string) => {
    const { numerator, denominator } = of(code);
    const metricOfCard = metricOf(code);
    const main =
      of(code).denominator === 0 ? words.value.card_none : figureText(metricOfCard, of(code).value, of(code));
    return card(code, main, `${countText(numerator)} / ${countText(denominator)}${unit}`);
  };
  const rule = target
    ? filled(card_rule, { n: count(target.target), level: levelName(level).toLowerCase() })
    : card_noRule;
  const limits = target
    ? [
        areas("over_ceiling", { limit: `> ${count(target.ceiling)}`, only: ONLY_OVER }),
        areas("under_floor", { limit: `< ${count(target.floor)}`, only: ONLY_UNDER }),
      ]
    : [];
  return [
    card("homes", countText(of("homes").numerator), rule),
    ...limits,
    vacancies(areas("without_leader")),
    areas("lacking_roles"),
    fault("without_grid", homesUnit),
    grounds("uncovered"),
    grounds("overlap"),
    valued("incidents", ` ${homesUnit}`),
    valued("resolved", ""),
  ];
}

/** A vacant post is a shortage, but nobody is left without an answer: it is said as the answer says it. */
function vacancies(card: CardProps): CardProps {
  if ((card.figure.numerator ?? 0) === 0) return card;
  return { ...card, isFault: false, sub: `${card.sub} · ${words.value.how_parent}` };
}

/** How many areas are not among those a figure is of, because their counts are withheld. */
function missingAreas({ denominator }: Figure, nAreas: number): string {
  const n = nAreas - (denominator ?? nAreas);
  return n > 0 ? ` (${filled(words.value.withheldAreas, { n: count(n) })})` : "";
}

function cardName(code: string): string {
  return code === METRICS[0]?.code ? words.value.card_homes : metricName({ code });
}

function Card({ code, figure, main, sub, isFault = false, limit, only }: CardProps) {
  const shows = only ? "homes" : code;
  const off = only ?? [];
  const chosen = metric.value.code === shows && view.value.off.join() === off.join();
  return (
    <button
      type="button"
      class={isFault && (figure.numerator ?? 0) > 0 ? "card wrong" : "card"}
      aria-pressed={chosen}
      onClick={() => show({ metric: shows, classing: null, off })}
    >
      <span class="card-name">
        {cardName(code)} {limit && <span class="aside">{limit}</span>}
      </span>
      <span class="card-line">
        <span class="card-main">{main}</span> <span class="card-sub">{sub}</span>
      </span>
    </button>
  );
}

function area(m2: number | null): string {
  return m2 === null ? words.value.unknown : ground(m2);
}
