import type { Region } from "../api/region";
import { words } from "../state/page";
import { count, plural } from "../state/text";
import { Section } from "./parts";

/** The region in figures, all counted by the server: its ground and those who answer for it. */
export function Figures({ region }: { region: Region }) {
  return (
    <div class="stack">
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
    </div>
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
