import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { FRAMES, type Frame } from "../api/locate";
import { readPlace, type Unreadable } from "../state/coordinates";
import { question, show, words } from "../state/page";
import { ACCURACIES } from "../state/url";

/** The way in without a pointer: type or paste coordinates. */
export function PlaceBox() {
  const fault = useSignal<Unreadable | null>(null);
  const asked = question.value;

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const place = readPlace(String(form.get("place") ?? ""));
    fault.value = typeof place === "string" ? place : null;
    if (typeof place === "string") return;
    const frame = FRAMES.find((one) => one === form.get("frame")) ?? ("wgs84" satisfies Frame);
    show({ question: { ...place, frame, accuracyM: Number(form.get("accuracy")) || 0 } });
  }

  /** Another accuracy asks again at once; another frame waits for its coordinates. */
  function changeAccuracy(accuracyM: number): void {
    if (asked) show({ question: { ...asked, accuracyM } });
  }

  return (
    <form class="place-box" onSubmit={submit} noValidate>
      <label class="label" for="place">
        {words.value.whoAnswers}
      </label>
      <div class="field">
        <input
          id="place"
          name="place"
          type="text"
          inputMode="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={words.value.placeExample}
          aria-describedby="place-hint"
          aria-invalid={fault.value !== null}
        />
        <button type="submit">{words.value.ask}</button>
      </div>
      <p id="place-hint" class={fault.value ? "hint fault" : "hint"} role={fault.value ? "alert" : undefined}>
        {fault.value ? words.value[`place_${fault.value}`] : words.value.askHint}
      </p>
      <div class="options">
        <select name="frame" aria-label={words.value.frame} title={words.value.frame} value={asked?.frame ?? "wgs84"}>
          {FRAMES.map((frame) => (
            <option key={frame} value={frame}>
              {words.value[`frame_${frame}`]}
            </option>
          ))}
        </select>
        <select
          name="accuracy"
          aria-label={words.value.accuracy}
          title={words.value.accuracy}
          value={String(asked?.accuracyM ?? 0)}
          onChange={(event) => changeAccuracy(Number(event.currentTarget.value))}
        >
          {ACCURACIES.map((metres) => (
            <option key={metres} value={String(metres)}>
              {metres === 0 ? words.value.accuracyExact : `± ${metres} m`}
            </option>
          ))}
        </select>
      </div>
    </form>
  );
}
