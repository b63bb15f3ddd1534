import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { FRAMES, type Frame } from "../api/locate";
import { askThere, geolocation } from "../state/answer";
import { question, show, words } from "../state/page";
import type { Pasted } from "../state/pasted";
import { keepRecent } from "../state/recent";
import { finder } from "../state/search";
import { PlaceFound, PlaceHint } from "./PlaceFound";
import { PlaceOptions } from "./PlaceOptions";
import { ActionButton } from "./parts";

const box = finder();

/** The way in without a pointer: type or paste whatever says where. */
export function PlaceBox() {
  const submitted = useSignal(false);
  const taken = useSignal<Pasted | null>(null);
  const shown = submitted.value ? box : null;

  function submit(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    submitted.value = true;
    box.text.value = String(form.get("place") ?? "");
    const pasted = box.pasted.peek();
    taken.value = typeof pasted === "string" ? null : pasted;
    if (typeof pasted === "string") {
      // Whoever is named for another place must not be called for this one.
      show({ task: "locate", question: null });
      return;
    }
    const chosen = FRAMES.find((one) => one === form.get("frame")) ?? ("wgs84" satisfies Frame);
    const day = String(form.get("day") ?? "");
    const frame = pasted.frames[0] ?? chosen;
    const accuracyM = pasted.accuracyM ?? (Number(form.get("accuracy")) || 0);
    keepRecent({ kind: "place", at: pasted.at, frame, accuracyM });
    askThere(pasted.at.lon, pasted.at.lat, frame, { accuracyM, day: day === "" ? null : day });
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
          autocomplete="off"
          spellcheck={false}
          placeholder={words.value.placeExample}
          aria-describedby="place-hint"
          aria-invalid={(shown?.fault.value ?? null) !== null}
        />
        <button type="submit">{words.value.ask}</button>
        <ActionButton of="here" icon="here" />
      </div>
      <PlaceHint box={shown} taken={taken.value} />
      {shown && <PlaceFound box={shown} />}
      {geolocation.value !== "idle" && (
        <p class="hint" role="status">
          {words.value[`here_${geolocation.value}`]}
        </p>
      )}
      <PlaceOptions asked={question.value} />
    </form>
  );
}
