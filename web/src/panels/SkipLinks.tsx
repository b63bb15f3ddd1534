import { measured } from "../state/measured";
import { map, words } from "../state/page";

/** For whoever comes by keyboard: past everything else, to the map or to the table. Seen while one has the focus. */
export function SkipLinks() {
  const isDrawable = map.value !== null && map.value !== "undrawable";
  return (
    <nav class="skip" aria-label={words.value.skip}>
      {isDrawable && <Skip to=".maplibregl-canvas" text={words.value.skipToMap} />}
      {measured.value && <Skip to=".ranking .head" text={words.value.skipToTable} />}
    </nav>
  );
}

function Skip({ to, text }: { to: string; text: string }) {
  return (
    <button type="button" onClick={() => document.querySelector<HTMLElement>(to)?.focus()}>
      {text}
    </button>
  );
}
