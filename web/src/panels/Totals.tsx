import type { IncidentFigures, Rate, Region } from "../api/region";
import { loadRegion, region, words } from "../state/page";
import { count, levelName, named, Section, TroubleNote, Waiting } from "./parts";

/** The county in figures, all counted by the server. */
export function Totals() {
  const { value, status } = region.value;
  return (
    <div class="totals">
      <TroubleNote of={region.value} retry={loadRegion} />
      {status === "loading" && !value && <Waiting />}
      {value && <Figures region={value} />}
    </div>
  );
}

function Figures({ region }: { region: Region }) {
  const below = region.levels.slice(1);
  return (
    <>
      <Section title={words.value.ground}>
        <dl class="figures">
          {below.map((level) => (
            <Figure key={level.code} value={count(level.nGrids)} name={named(level.names)} />
          ))}
          <Figure value={count(region.nHouseholds)} name={words.value.households} />
        </dl>
      </Section>
      <Section title={words.value.answerers}>
        <dl class="figures">
          {region.answerers.map((role) => (
            <Figure key={role.role} value={count(role.nPersons + role.nBodies)} name={named(role.names)} />
          ))}
          {region.servicePoints.map((point) => (
            <Figure key={point.kind} value={count(point.n)} name={named(point.names)} />
          ))}
        </dl>
      </Section>
      <Section title={words.value.incidents}>
        <Incidents incidents={region.incidents} />
      </Section>
    </>
  );
}

function Figure({ value, name }: { value: string; name: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Incidents({ incidents: { resolved, period, tiers } }: { incidents: IncidentFigures }) {
  return (
    <div class="incidents">
      <RateLine rate={resolved} />
      {period && (
        <p class="period">
          {period.from} {words.value.until} {period.to}
        </p>
      )}
      {tiers.length > 0 && (
        <table class="tiers">
          <caption>{words.value.settledAt}</caption>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier.level}>
                <th scope="row">{levelName(tier.level)}</th>
                <td class="bar">
                  <span
                    style={{ width: `${(100 * tier.resolved.denominator) / Math.max(1, resolved.denominator)}%` }}
                  />
                </td>
                <td>{count(tier.resolved.denominator)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** A share, always with what it is made of; 0 of 0 is "none", never 100 %. */
function RateLine({ rate }: { rate: Rate }) {
  return (
    <>
      <p class="rate">
        <strong>{rate.percent === null ? words.value.rateNone : `${rate.percent.toFixed(2)} %`}</strong>
        <span>
          {count(rate.numerator)} {words.value.resolvedOf} {count(rate.denominator)} {words.value.reported}
        </span>
      </p>
      <progress max={Math.max(1, rate.denominator)} value={rate.numerator} aria-hidden="true" />
    </>
  );
}
