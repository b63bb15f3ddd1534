import { endHint, isHinted } from "../state/hint";
import { task, view, words } from "../state/page";

/** What to do first on the map, in the panel and over nothing; not there beside an answer. */
export function FirstHint() {
  if (!isHinted.value || task.value === "locate" || view.value.chosen !== null) return null;
  return (
    <p class="first-hint" role="note">
      {words.value.hint}{" "}
      <button type="button" class="plain small" onClick={endHint}>
        {words.value.hintRead}
      </button>
    </p>
  );
}
