import { KINDS, type Kind } from "../api/coverage";
import { filterInForce, mayNarrow } from "../state/measured";
import { filter, levels, region, show, words } from "../state/page";
import { kindName, named } from "../state/text";
import { type Filter, NO_FILTER } from "../state/url";
import { Choice } from "./parts";
import { Select } from "./Select";

const ALL = "all";

/** Which incidents are counted. Coverage is narrowed by kind and days alone. */
export function Filters({ coverage = false }: { coverage?: boolean }) {
  if (!mayNarrow.value) return <p class="hint">{words.value.notNarrowed}</p>;
  const { kind, tier, status } = filter.value;
  const change = (part: Partial<Filter>) => show({ filter: { ...filter.value, ...part } });
  return (
    <div class="filters">
      <Select<Kind | typeof ALL>
        label={words.value.kind}
        value={kind ?? ALL}
        options={[[ALL, words.value.kind_all], ...KINDS.map((one) => [one, kindText(one)] as const)]}
        choose={(one) => change({ kind: one === ALL ? null : one })}
      />
      {!coverage && (
        <Select
          label={words.value.tier}
          value={tier ?? ALL}
          options={[
            [ALL, words.value.tier_all],
            ...levels.value.map(({ code, names }) => [code, named(names)] as const),
          ]}
          choose={(one) => change({ tier: one === ALL ? null : one })}
        />
      )}
      <Days change={change} />
      {!coverage && (
        <Choice
          name="status"
          label={words.value.status}
          value={status ?? ALL}
          options={([ALL, "open", "resolved"] as const).map((value) => ({
            value,
            text: words.value[`status_${value}`],
          }))}
          choose={(value) => change({ status: value === ALL ? null : value })}
        />
      )}
    </div>
  );
}

/** The way out of a filter that leaves nothing. */
export function ClearFilters() {
  if (Object.values(filterInForce.value).every((one) => one === null)) return null;
  return (
    <button type="button" class="plain small" onClick={() => show({ filter: NO_FILTER })}>
      {words.value.clearFilters}
    </button>
  );
}

/** A kind that was never reported says so before it is chosen. */
function kindText(kind: Kind): string {
  const isReported = region.value.value?.incidents.some((one) => one.kind === kind && one.nReported !== 0);
  return isReported ? kindName(kind) : `${kindName(kind)} (0)`;
}

function Days({ change }: { change: (part: Partial<Filter>) => void }) {
  const { from, to } = filter.value;
  return (
    <>
      <label>
        <span class="label-text">{words.value.brushFrom}</span>
        <input type="date" value={from ?? ""} max={to ?? ""} onChange={(event) => change({ from: day(event) })} />
      </label>
      <label>
        <span class="label-text">{words.value.brushTo}</span>
        <input type="date" value={to ?? ""} min={from ?? ""} onChange={(event) => change({ to: day(event) })} />
      </label>
    </>
  );
}

function day({ currentTarget: { value } }: { currentTarget: HTMLInputElement }): string | null {
  return value === "" ? null : value;
}
