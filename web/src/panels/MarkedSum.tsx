import { clearMarks, markedText } from "../state/marked";
import { words } from "../state/page";

/** What the marked areas add up to. */
export function MarkedSum() {
  return (
    <p class="marked">
      <output>{markedText.value}</output>
      <button type="button" class="plain small" onClick={clearMarks}>
        {words.value.clearMarks}
      </button>
    </p>
  );
}
