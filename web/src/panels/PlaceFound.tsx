import { askThere } from "../state/answer";
import { words } from "../state/page";
import type { Pasted } from "../state/pasted";
import { type Finder, go, keyOf } from "../state/search";
import { filled, frameName } from "../state/text";
import { FoundRow, nothingFound } from "./FoundRow";

/** What can be put into the box; why nothing came of what was; or in which frame a link was taken, with the other ones. */
export function PlaceHint({ box, taken }: { box: Finder | null; taken: Pasted | null }) {
  const fault = box?.fault.value ?? null;
  if (fault !== null) {
    return (
      <p id="place-hint" class="hint fault" role="alert">
        {words.value[`place_${fault}`]}
      </p>
    );
  }
  const [frame, ...others] = taken?.frames ?? [];
  if (!taken || frame === undefined || others.length === 0) {
    return (
      <p id="place-hint" class="hint">
        {words.value.askHint}
      </p>
    );
  }
  return (
    <p id="place-hint" class="hint guessed" role="status">
      {filled(words.value.takenAs, { frame: frameName(frame) })}{" "}
      {others.map((other) => (
        <button key={other} type="button" class="link" onClick={() => askThere(taken.at.lon, taken.at.lat, other)}>
          {filled(words.value.takeAs, { frame: frameName(other) })}
        </button>
      ))}
    </p>
  );
}

/** What is called by the text that was entered, where that is no coordinate. */
export function PlaceFound({ box }: { box: Finder }) {
  if (box.fault.value !== null || typeof box.pasted.value !== "string") return null;
  const { status, trouble } = box.asking.value;
  const found = box.found.value;
  if (found.length === 0) {
    const isComing = status === "loading" || trouble?.mayPass;
    return (
      <p class={isComing ? "hint" : "hint fault"} role="status">
        {nothingFound(box.asking.value)}
      </p>
    );
  }
  return (
    <ul class="place-found" aria-label={words.value.searchResults}>
      {found.map((one) => (
        <li key={keyOf(one)}>
          <button type="button" onClick={() => go(one)}>
            <FoundRow found={one} />
          </button>
        </li>
      ))}
    </ul>
  );
}
