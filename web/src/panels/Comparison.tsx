import { type Days, daysBefore, yearBefore } from "../state/change";
import { earlier, filterInForce, hotspots, isOfView, timeline } from "../state/measured";
import { show, view, words } from "../state/page";
import { filled } from "../state/text";
import { changeText } from "../state/values";
import { Choice } from "./parts";
import { Select } from "./Select";

const OTHERS = ["none", "before", "year", "own"] as const;
type Other = (typeof OTHERS)[number];

/** They are reckoned from the days of the filter. */
const NEEDS_DAYS: readonly Other[] = ["before", "year"];

/** With which other days those of the filter are compared. */
export function Comparison() {
  const { from, to, kind, tier, status } = filterInForce.value;
  const now = from !== null && to !== null ? { from, to } : null;
  const { than } = view.value;
  // Where only some incidents are counted, others may have been before.
  const isNarrowed = kind !== null || tier !== null || status !== null;
  const first = isNarrowed ? undefined : timeline.value.value?.weeks[0]?.from;
  const chosen = choiceOf(now, than);
  const choose = (choice: Other) => {
    if (choice === "none" || !now) show({ than: null, off: [] });
    else if (choice !== "own") show({ than: choice === "year" ? yearBefore(now) : daysBefore(now), off: [] });
  };
  return (
    <div class="filters">
      <Select<Other>
        class="wide"
        label={words.value.compare}
        value={chosen}
        disabled={!now && !than}
        options={OTHERS.filter((one) => now !== null || !NEEDS_DAYS.includes(one)).map((one) => [
          one,
          words.value[`compare_${one}`],
        ])}
        choose={choose}
      />
      {than && <OtherDays than={than} />}
      {than && (
        <Choice
          name="beside"
          label={words.value.compareAs}
          value={view.value.beside ? "maps" : "change"}
          options={(["change", "maps"] as const).map((one) => ({ value: one, text: words.value[`compareAs_${one}`] }))}
          choose={(one) => show({ beside: one === "maps", off: [] })}
        />
      )}
      {!now && !than && <p class="hint">{words.value.compareNeedsDays}</p>}
      {now && than && nDays(now) !== nDays(than) && <p class="hint">{words.value.compareUnequal}</p>}
      {than && first !== undefined && than.from < first && (
        <p class="hint fault">{filled(words.value.compareBeforeData, { day: first })}</p>
      )}
    </div>
  );
}

/** The other days, as they were chosen or as the reader wants them. */
function OtherDays({ than: { from, to } }: { than: Days }) {
  const { brushFrom, brushTo } = words.value;
  return (
    <>
      <Day name={brushFrom} value={from} max={to} set={(day) => day <= to && show({ than: { from: day, to } })} />
      <Day name={brushTo} value={to} min={from} set={(day) => day >= from && show({ than: { from, to: day } })} />
    </>
  );
}

type DayProps = { name: string; value: string; min?: string; max?: string; set(day: string): void };

function Day({ name, set, ...input }: DayProps) {
  return (
    <label>
      <span class="label-text">{name}</span>
      <input type="date" {...input} onChange={({ currentTarget: { value } }) => value !== "" && set(value)} />
    </label>
  );
}

/** How many there were in the whole place, and the change. */
export function ChangeOfTotal() {
  const [now, before] = [hotspots.value.value?.total.incidents, earlier.value.value?.total.incidents];
  if (!now || !before || !isOfView.value) return null;
  return <p class="aside">{filled(words.value.comparedTotal, { sum: changeText(now, before) })}</p>;
}

function choiceOf(now: Days | null, than: Days | null): Other {
  if (!than) return "none";
  if (now && isSame(than, daysBefore(now))) return "before";
  return now && isSame(than, yearBefore(now)) ? "year" : "own";
}

function isSame(a: Days, b: Days): boolean {
  return a.from === b.from && a.to === b.to;
}

function nDays({ from, to }: Days): number {
  return Date.parse(to) - Date.parse(from);
}
