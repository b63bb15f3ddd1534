import { map, words } from "../state/page";
import { drawPicture, pictureTitle, sourceLine } from "./picture";

/** Holds the picture of the map on paper, where the living map cannot be drawn. */
const HOLDER = "print-map";

/** What only paper shows. */
export function PrintSheet() {
  return (
    <div class="print-only">
      <p>
        {words.value.printedOn} · {pictureTitle()} · {sourceLine()}
      </p>
      <div id={HOLDER} />
    </div>
  );
}

/** Prints the page with the map as it is now. */
export async function printPage(): Promise<void> {
  const commands = map.value;
  const holder = document.getElementById(HOLDER);
  if (holder && commands !== null && commands !== "undrawable") {
    holder.replaceChildren(drawPicture(await commands.picture()));
  }
  print();
}
