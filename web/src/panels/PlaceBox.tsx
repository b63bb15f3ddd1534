import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { FRAMES, type Frame } from "../api/locate";
import { askThere, geolocation } from "../state/answer";
import { readPlace, type Unreadable } from "../state/coordinates";
import { question, show, words } from "../state/page";
import { ActionButton } from "./parts";

/** The spots a phone may be off by; 0 is a point that is certain. */
const ACCURACIES = [0, 10, 30, 100];

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
    const day = String(form.get("day") ?? "");
    askThere(place.lon, place.lat, frame, {
      accuracyM: Number(form.get("accuracy")) || 0,
      day: day === "" ? null : day,
    });
  }

  const accuracies = [...new Set([...ACCURACIES, asked?.accuracyM ?? 0])].sort((a, b) => a - b);
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
          autocomplete="off"
          spellcheck={false}
          placeholder={words.value.placeExample}
          aria-describedby="place-hint"
          aria-invalid={fault.value !== null}
        />
        <button type="submit">{words.value.ask}</button>
        <ActionButton of="here" icon="here" />
      </div>
      <p id="place-hint" class={fault.value ? "hint fault" : "hint"} role={fault.value ? "alert" : undefined}>
        {fault.value ? words.value[`place_${fault.value}`] : words.value.askHint}
      </p>
      {geolocation.value !== "idle" && (
        <p class="hint" role="status">
          {words.value[`here_${geolocation.value}`]}
        </p>
      )}
      <div class="options">
        <label>
          <span class="label-text">{words.value.frame}</span>
          <select name="frame" value={asked?.frame ?? "wgs84"}>
            {FRAMES.map((frame) => (
              <option key={frame} value={frame}>
                {words.value[`frame_${frame}`]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="label-text">{words.value.accuracy}</span>
          {/* Another accuracy, or another day, asks again at once; another frame waits for its coordinates. */}
          <select
            name="accuracy"
            value={String(asked?.accuracyM ?? 0)}
            onChange={(event) =>
              asked && show({ question: { ...asked, accuracyM: Number(event.currentTarget.value) } })
            }
          >
            {accuracies.map((metres) => (
              <option key={metres} value={String(metres)}>
                {metres === 0 ? words.value.accuracyExact : `± ${metres} m`}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="label-text">{words.value.asOfDay}</span>
          <input
            type="date"
            name="day"
            value={asked?.day ?? ""}
            onChange={({ currentTarget: { value } }) =>
              asked && show({ question: { ...asked, day: value === "" ? null : value } })
            }
          />
        </label>
      </div>
    </form>
  );
}
