import { classes, heatShown, level, loadGrids, shown, shownState, words } from "../state/page";
import { rampPlace } from "../state/palette";
import { count, levelName } from "./parts";

/** What the colours mean: every class by its numbers, and "none" by a pattern of its own. */
export function Legend() {
  const code = level.value;
  if (code === null) return null;
  if (shownState.value === "failed" && !shown.value) {
    return (
      <div class="legend trouble" role="alert">
        <p>{words.value.away}</p>
        <button type="button" class="plain" onClick={() => loadGrids(code, true)}>
          {words.value.retry}
        </button>
      </div>
    );
  }
  if (!shown.value) return <p class="legend waiting">{words.value.loading}</p>;
  const { nNone, nUnknown, classes: spans } = classes.value;
  return (
    <div class="legend">
      <p class="legend-title">
        {words.value.homesPer} · {levelName(code)}
      </p>
      <ul class={heatShown.value ? "classes faded" : "classes"}>
        {spans.map(({ from, to, nAreas }, place) => (
          <li key={from}>
            <span class={`swatch ramp-${rampPlace(place, spans.length)}`} />
            <span class="span">{from === to ? count(from) : `${count(from)}–${count(to)}`}</span>
            <span class="n">{count(nAreas)}</span>
          </li>
        ))}
        <li class={nNone === 0 ? "absent" : ""}>
          <span class="swatch hatched" />
          <span class="span">{words.value.legendNone}</span>
          <span class="n">{count(nNone)}</span>
        </li>
        {nUnknown > 0 && (
          <li>
            <span class="swatch unknown" />
            <span class="span">{words.value.legendUnknown}</span>
            <span class="n">{count(nUnknown)}</span>
          </li>
        )}
      </ul>
      {heatShown.value && (
        <div class="legend-heat">
          <p class="legend-title">{words.value.legendHeat}</p>
          <div class="heat-ramp" />
          <p class="ends">
            <span>{words.value.few}</span>
            <span class="between">{words.value.legendHeat}</span>
            <span>{words.value.many}</span>
          </p>
        </div>
      )}
    </div>
  );
}
