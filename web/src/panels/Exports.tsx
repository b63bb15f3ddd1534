import { fileName } from "../state/caption";
import type { Measured } from "../state/measured";
import { map, words } from "../state/page";
import { ranked, rankedInSight } from "../state/ranking";
import { download, say } from "../state/share";
import { filled } from "../state/text";
import { Icon } from "./Icon";

/** Takes what is shown elsewhere: the table, the map with its legend, or both on paper. */
export function Exports() {
  const [nInSight, nAll] = [rankedInSight.value.length, ranked.value.length];
  const { csv, csvAll, csvHint, exports, png, pngHint, print, printHint } = words.value;
  return (
    <fieldset class="row exports">
      <legend class="unseen">{exports}</legend>
      <button
        type="button"
        class="plain"
        title={csvHint}
        onClick={() => orSay(saveTable(rankedInSight.value, fileName("csv")))}
      >
        <Icon name="table" />
        {csv}
      </button>
      {nInSight < nAll && (
        <button
          type="button"
          class="plain"
          title={csvHint}
          onClick={() => orSay(saveTable(ranked.value, fileName("csv", [])))}
        >
          <Icon name="table" />
          {filled(csvAll, { n: String(nAll) })}
        </button>
      )}
      <button type="button" class="plain" title={pngHint} onClick={() => orSay(savePicture())}>
        <Icon name="picture" />
        {png}
      </button>
      <button type="button" class="plain" title={printHint} onClick={() => globalThis.print()}>
        <Icon name="print" />
        {print}
      </button>
    </fieldset>
  );
}

/** What it takes comes from the server when it is first wanted. */
function orSay(saving: Promise<void>): void {
  saving.catch(() => say("said_notSaved"));
}

async function saveTable(rows: readonly Measured[], name: string): Promise<void> {
  const { csvOf } = await import("../state/csv");
  download(new Blob([csvOf(rows)], { type: "text/csv;charset=utf-8" }), name);
}

async function savePicture(): Promise<void> {
  const commands = map.value;
  if (commands === null || commands === "undrawable") return say("said_noPicture");
  const name = fileName("png");
  const { drawPicture, unit } = await import("./picture");
  const picture = drawPicture(commands.picture(unit));
  picture.toBlob((blob) => {
    if (blob) download(blob, name);
  });
}
