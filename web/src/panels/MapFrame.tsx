import { useEffect, useRef } from "preact/hooks";
import { ACTIONS, type ActionName } from "../state/keys";
import { map, task, words } from "../state/page";
import { Attribution, BasemapSwitch } from "./BasemapSwitch";
import { Icon, type IconName } from "./Icon";
import { Legend } from "./Legend";
import { LevelSwitch } from "./LevelSwitch";
import { Tooltip } from "./Tooltip";

/** Where the map is drawn, by `draw`, with what floats over it. */
export function MapFrame({ draw }: { draw: (container: HTMLElement) => Promise<void> }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (container.current) void draw(container.current);
  }, [draw]);
  const drawable = map.value !== null && map.value !== "undrawable";
  return (
    <main class={`map ${task.value}`}>
      <div ref={container} class="canvas" />
      {map.value === "undrawable" && <p class="no-map">{words.value.noWebGl}</p>}
      <div class="switches">
        <LevelSwitch />
        <BasemapSwitch />
      </div>
      <Legend />
      <Attribution />
      {drawable && <Zoom />}
      <Tooltip />
    </main>
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
