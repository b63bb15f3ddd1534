import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { METHODS, type Method } from "../state/classes";
import { classes, homesTarget, metric, rule } from "../state/measured";
import { show, words } from "../state/page";
import { labelled } from "../state/text";
import { MAX_CLASSES } from "../state/url";

const COUNTS = [3, 4, 5, 6, 7];

/** How values are told apart: four ways and the region's own rule, where it has one. */
export function Classing() {
  if (metric.value.code === "week") return null;
  const { method, n } = rule.value;
  const offered = METHODS.filter((one) => one !== "target" || homesTarget.value !== null);
  return (
    <details class="classing">
      <summary>{labelled(words.value.classing, words.value[`method_${method}`])}</summary>
      <div class="row">
        <select
          aria-label={words.value.classing}
          value={method}
          onChange={(event) => choose(event.currentTarget.value as Method, n || 5)}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {words.value[`method_${one}`]}
            </option>
          ))}
        </select>
        {method !== "target" && method !== "manual" && (
          <select
            aria-label={words.value.classCount}
            value={String(n)}
            onChange={(event) => choose(method, Number(event.currentTarget.value))}
          >
            {COUNTS.map((one) => (
              <option key={one} value={String(one)}>
                {one}
              </option>
            ))}
          </select>
        )}
      </div>
      {method === "manual" && <Manual />}
    </details>
  );
}

function choose(method: Method, n: number): void {
  // One's own limits begin as those that are there.
  const limits = method === "manual" ? classes.value.classes.slice(1).map((one) => one.from) : [];
  show({ classing: { method, n, limits }, off: [] });
}

function Manual() {
  const fault = useSignal(false);

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("limits") ?? "").normalize("NFKC");
    const limits = typed
      .split(/[\s,;、]+/)
      .filter((part) => part !== "")
      .map(Number);
    const rising = limits.every(
      (limit, n) => Number.isFinite(limit) && limit > (limits[n - 1] ?? Number.NEGATIVE_INFINITY),
    );
    fault.value = !rising || limits.length === 0 || limits.length >= MAX_CLASSES;
    if (!fault.value) show({ classing: { method: "manual", n: 0, limits }, off: [] });
  }

  return (
    <form class="row" onSubmit={submit} noValidate>
      <input
        name="limits"
        type="text"
        aria-label={words.value.manualLimits}
        aria-invalid={fault.value}
        defaultValue={rule.value.limits.join(", ")}
      />
      <button type="submit" class="small">
        {words.value.apply}
      </button>
      {fault.value && (
        <p class="hint fault" role="alert">
          {words.value.manualFault}
        </p>
      )}
    </form>
  );
}
