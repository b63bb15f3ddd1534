import "./style/base.css";
import "./style/shell.css";
import "./style/panels.css";
import "./style/answer.css";
import "./style/map.css";
import "./style/modes.css";
import "./style/low.css";
import "./style/forced.css";
import "./style/keyboard.css";
import "./style/terms.css";
import { render } from "preact";
import { load } from "./api/code";
import { EmbedBar } from "./panels/EmbedBar";
import { onceWanted } from "./panels/later";
import { MapFrame } from "./panels/MapFrame";
import { OutageNote } from "./panels/OutageNote";
import { Panel } from "./panels/Panel";
import { PrintSheet } from "./panels/PrintSheet";
import { SkipLinks } from "./panels/SkipLinks";
import { TopBar } from "./panels/TopBar";
import { followAnswer } from "./state/answer";
import { followBasemaps } from "./state/basemaps";
import { followCandidates } from "./state/candidates";
import { followClock } from "./state/clock";
import { listenToKeys, open } from "./state/keys";
import { followMeasures } from "./state/measured";
import { followOutage } from "./state/outage";
import { detailed, map, start, view } from "./state/page";
import { followHistory, followPlace } from "./state/places";
import { followPlaying } from "./state/play";
import { followTiles, whenPlaced } from "./state/tiles";
import { followWall, isWall } from "./state/wall";
import { watch } from "./state/watch";

function Page() {
  const { mode } = view.value;
  const [Wall, Terms, KeySheet] = [wall.value, terms.value, keySheet.value];
  return (
    <>
      {mode === "page" && <SkipLinks />}
      {mode === "page" && <TopBar />}
      <PrintSheet />
      {mode === "page" && <Panel />}
      {mode === "wall" && Wall && <Wall />}
      <MapFrame draw={drawMap} />
      {mode === "embed" && <EmbedBar />}
      <OutageNote />
      {KeySheet && <KeySheet />}
      {Terms && <Terms />}
    </>
  );
}

/** What only a wall shows, once there is one. */
const wall = onceWanted(
  () => isWall.value,
  () => import("./panels/Wall").then((part) => part.Wall),
);

/** What terms mean, once somebody asks. */
const terms = onceWanted(
  () => open.value === "terms",
  () => import("./panels/Terms").then((part) => part.Terms),
);

/** The keys are at hand once the map is seen, so that an outage does not keep them away. */
const keySheet = onceWanted(
  () => detailed.value || open.value === "keys",
  () => import("./panels/KeySheet").then((part) => part.KeySheet),
);

/** MapLibre is nine tenths of the page's code: it is on its way while the panels are drawn. */
const mapCode = load(() => import("./map/create"));

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
watch(
  () => detailed.value,
  (isDetailed) => isDetailed && void load(() => import("./fonts")),
);

followOutage();
followClock();
followWall();
start();
followPlace();
followHistory();
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
