import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { load } from "../api/code";
import { detailed } from "../state/page";
import { watch } from "../state/watch";
import { Waiting } from "./parts";

/** A panel that the first view does without: it comes once the map is seen, or when it is opened before. */
export function later(part: () => Promise<ComponentType>): ComponentType {
  const panel = signal<ComponentType | null>(null);
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    void load(part).then((found) => {
      panel.value = found;
    });
  };
  watch(
    () => detailed.value,
    (isDetailed) => isDetailed && ask(),
  );
  return function Later() {
    useEffect(ask, []);
    const Panel = panel.value;
    return Panel ? <Panel /> : <Waiting />;
  };
}
