import type { IncidentFigures, Rate, Region } from "../api/region";
import { loadRegion, region, words } from "../state/page";
import { count, kindName, levelName, plural, Section, TroubleNote, Waiting } from "./parts";

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
  return (
    <>
      <Section title={words.value.ground}>
        <dl class="figures">
          {region.levels.slice(1).map((level) => (
            <Figure key={level.code} value={count(level.nGrids)} name={plural(level.names)} />
          ))}
          <Figure value={count(region.nHouseholds)} name={words.value.households} />
        </dl>
      </Section>
      <Section title={words.value.answerers}>
        <dl class="figures">
          {region.roles
            .filter((role) => role.nHolders > 0)
            .map((role) => (
              <Figure key={role.code} value={count(role.nHolders)} name={plural(role.names)} />
            ))}
          {region.servicePoints.map(({ kind, n }) => (
            <Figure key={kind} value={count(n)} name={kindOfPoint(region, kind)} />
          ))}
        </dl>
      </Section>
      {region.incidents.map((incidents) => (
        <Section key={incidents.kind} title={kindName(incidents.kind)}>
          <Incidents incidents={incidents} />
        </Section>
      ))}
    </>
  );
}

function kindOfPoint({ roles }: Region, kind: string): string {
  const role = roles.find((one) => one.code === kind);
  return role ? plural(role.names) : kind;
}

function Figure({ value, name }: { value: string; name: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Incidents({ incidents }: { incidents: IncidentFigures }) {
  const { nReported, resolution, resolvedByTier, period } = incidents;
  const most = Math.max(1, ...resolvedByTier.map((tier) => tier.n ?? 0));
  return (
    <div class="incidents">
      {resolution ? <Resolution rate={resolution} /> : <Unresolved nReported={nReported} />}
      {period && (
        <p class="period">
          {period.from} {words.value.until} {period.to}
        </p>
      )}
      {resolvedByTier.length > 0 && (
        <table class="tiers">
          <caption>{words.value.settledAt}</caption>
          <tbody>
            {resolvedByTier.map(({ level, n }) => (
              <tr key={level}>
                <th scope="row">{levelName(level)}</th>
                <td class="bar" aria-hidden="true">
                  <span style={{ width: `${(100 * (n ?? 0)) / most}%` }} />
                </td>
                <td>{n === null ? words.value.notShown : count(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** A share, always with what it is made of. */
function Resolution({ rate }: { rate: Rate }) {
  const { resolvedOf, reported } = words.value;
  return (
    <>
      <p class="rate">
        <strong>{rate.percent.toFixed(2)} %</strong>
        <span>
          {count(rate.numerator)} {resolvedOf} {count(rate.denominator)} {reported}
        </span>
      </p>
      <progress max={rate.denominator} value={rate.numerator} aria-hidden="true" />
    </>
  );
}

/** 0 of 0 is "none", never 100 %. */
function Unresolved({ nReported }: { nReported: number | null }) {
  const { rateNone, notShown, reported } = words.value;
  return (
    <p class="rate">
      <strong>{nReported === null ? notShown : rateNone}</strong>
      {nReported !== null && (
        <span>
          {count(nReported)} {reported}
        </span>
      )}
    </p>
  );
}
