import { map, region, words } from "../state/page";
import { download, say } from "../state/share";
import { Icon } from "./Icon";
import { printPage } from "./PrintSheet";
import { drawPicture } from "./picture";

/** Takes what is shown elsewhere: the table, the map with its legend, or both on paper. */
export function Exports({ csv }: { csv: string }) {
  async function savePicture(): Promise<void> {
    const commands = map.value;
    if (commands === null || commands === "undrawable") return say("said_noPicture");
    const picture = await drawPicture(await commands.picture());
    picture.toBlob((blob) => {
      if (blob) download(blob, `gridmap-${region.value.value?.code ?? ""}.png`);
    });
  }

  return (
    <fieldset class="row exports">
      <legend class="unseen">{words.value.exports}</legend>
      <a class="button plain" href={csv} download title={words.value.csvHint}>
        <Icon name="table" />
        {words.value.csv}
      </a>
      <button type="button" class="plain" title={words.value.pngHint} onClick={savePicture}>
        <Icon name="picture" />
        {words.value.png}
      </button>
      <button type="button" class="plain" title={words.value.printHint} onClick={printPage}>
        <Icon name="print" />
        {words.value.print}
      </button>
    </fieldset>
  );
}
