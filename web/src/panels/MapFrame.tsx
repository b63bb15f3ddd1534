import { useEffect, useRef } from "preact/hooks";
import { ACTIONS, type ActionName } from "../state/keys";
import { gridsState, levelDrawn, loadGrids, map, task, words } from "../state/page";
import { type Pair, pair } from "../state/pair";
import { measuredLevel } from "../state/places";
import { loadTiles, tileSource } from "../state/tiles";
import { Attribution, BasemapSwitch } from "./BasemapSwitch";
import { Beside } from "./Beside";
import { Icon, type IconName } from "./Icon";
import { Legend } from "./Legend";
import { LevelSwitch } from "./LevelSwitch";
import { TroubleNote } from "./parts";
import { Tooltip } from "./Tooltip";

/** Where the map is drawn, by `draw`, with what floats over it. */
export function MapFrame({ draw }: { draw: (container: HTMLElement) => Promise<void> }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (container.current) void draw(container.current);
  }, [draw]);
  const shown = pair.value;
  const commands = map.value === "undrawable" ? null : map.value;
  return (
    <main class={["map", task.value, ...(shown ? ["beside", shown.of] : [])].join(" ")}>
      <div ref={container} class="canvas" />
      {shown && commands && <Beside key={keyOf(shown)} on={commands} pair={shown} />}
      {map.value === "undrawable" && <p class="no-map">{words.value.noWebGl}</p>}
      <div class="switches">
        <LevelSwitch />
        <BasemapSwitch />
      </div>
      {map.value !== "undrawable" && levelDrawn.value !== (measuredLevel.value ?? "") && <MapWaiting />}
      <MapTrouble />
      <Legend />
      <Attribution />
      {commands && <Zoom />}
      <Tooltip />
    </main>
  );
}

/** Alike for pairs that are drawn by one second map. */
function keyOf(shown: Pair): string {
  return shown.of === "parts" ? `${shown.left.code}/${shown.right.code}` : shown.of;
}

/** Says where the map is empty that it is coming; one that comes at once is not announced. */
function MapWaiting() {
  return (
    <p class="map-waiting waiting" role="status">
      <span class="dots" aria-hidden="true" />
      {words.value.mapLoading}
    </p>
  );
}

/** Says that the areas themselves did not come: their figures may be there all the same. */
function MapTrouble() {
  const code = measuredLevel.value;
  const [tiles, grids] = [tileSource.value, gridsState(code)];
  const failed = [tiles, grids].find((state) => state?.status === "failed" && !state.trouble?.mayPass);
  if (code === null || !failed) return null;
  const again = () => {
    if (tiles.status === "failed") loadTiles();
    if (grids?.status === "failed") loadGrids(code, true);
  };
  return (
    <div class="map-trouble">
      <TroubleNote of={failed} retry={again} />
    </div>
  );
}

function Zoom() {
  const buttons: [ActionName, IconName][] = [
    ["zoomIn", "plus"],
    ["zoomOut", "minus"],
    ["whole", "whole"],
  ];
  return (
    <div class="zoom">
      {buttons.map(([of, icon]) => {
        const { keys, name, run } = ACTIONS[of];
        return (
          <button
            key={of}
            type="button"
            aria-label={words.value[name]}
            title={`${words.value[name]} (${keys})`}
            onClick={run}
          >
            <Icon name={icon} />
          </button>
        );
      })}
    </div>
  );
}
