import "./style/base.css";
import "./style/shell.css";
import "./style/panels.css";
import "./style/answer.css";
import "./style/map.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { KeySheet } from "./panels/KeySheet";
import { MapFrame } from "./panels/MapFrame";
import { Panel } from "./panels/Panel";
import { PrintSheet } from "./panels/PrintSheet";
import { TopBar } from "./panels/TopBar";
import { followAnswer } from "./state/answer";
import { followBasemaps } from "./state/basemaps";
import { followCandidates } from "./state/candidates";
import { listenToKeys } from "./state/keys";
import { followMeasures } from "./state/measured";
import { detailed, map, start } from "./state/page";
import { followPlace } from "./state/places";
import { followPlaying } from "./state/play";
import { followTiles, whenPlaced } from "./state/tiles";

function Page() {
  return (
    <>
      <TopBar />
      <Panel />
      <MapFrame draw={drawMap} />
      <KeySheet />
      <PrintSheet />
    </>
  );
}

/** MapLibre is nine tenths of the page's code: it is on its way while the panels are drawn. */
const mapCode = import("./map/create");

async function drawMap(container: HTMLElement): Promise<void> {
  try {
    const [{ createMap }] = await Promise.all([mapCode, whenPlaced()]);
    map.value = await createMap(container);
  } catch {
    map.value = "undrawable";
    detailed.value = true;
  }
}

// A hundred font files are named there: the page is read, and its map seen, before it has all of them.
const stop = effect(() => {
  if (detailed.value) void import("./fonts").then(() => stop());
});

start();
followPlace();
followMeasures();
followAnswer();
followCandidates();
followPlaying();
followBasemaps();
followTiles();
listenToKeys();

const root = document.getElementById("page");
if (root) {
  root.replaceChildren();
  render(<Page />, root);
}
