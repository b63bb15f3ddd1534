import { region, view, words } from "../state/page";
import { named } from "../state/text";
import { writeUrl } from "../state/url";

/** Whose map it is that stands in another page, and the way to all of it. */
export function EmbedBar() {
  const here = region.value.value;
  return (
    <footer class="embed-bar">
      {here && named(here.names)} {here?.open && <small>{words.value.openShort}</small>}
      <a href={writeUrl({ ...view.value, mode: "page" }) || "?"} target="_blank" rel="noopener noreferrer">
        {words.value.wholePage}
      </a>
    </footer>
  );
}
