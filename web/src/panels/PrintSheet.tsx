import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { captionDetails, captionSource, captionTitle } from "../state/caption";
import { today } from "../state/days";
import { map, words } from "../state/page";
import { partsText } from "../state/pairNames";
import { onPaper } from "../state/theme";
import { PaperLegend } from "./Legend";

/** Paper is finer than a screen. */
const PAPER_RATIO = 2;

/** What only paper shows: the map as it is now with its title and legend. The same by the button as by the browser's own menu. */
export function PrintSheet() {
  const holder = useRef<HTMLDivElement>(null);
  const source = useComputed(() => [...captionSource.value, `${words.value.printedOn} ${today()}`]);
  useEffect(() => {
    const before = () => {
      onPaper.value = true;
      const commands = map.peek();
      if (commands !== null && commands !== "undrawable")
        holder.current?.replaceChildren(commands.picture(PAPER_RATIO));
    };
    const after = () => {
      onPaper.value = false;
    };
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);
  return (
    <div class="print-only">
      <p class="print-title">{captionTitle.value}</p>
      <p>{[...captionDetails.value, ...(partsText.value ? [partsText.value] : [])].join(" · ")}</p>
      <div ref={holder} />
      <PaperLegend />
      <p>{source.value.join(" · ")}</p>
    </div>
  );
}
