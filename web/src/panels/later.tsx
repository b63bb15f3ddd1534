import { type ReadonlySignal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { load } from "../api/code";
import { detailed } from "../state/page";
import { watch } from "../state/watch";
import { Waiting } from "./parts";

/** A part of the page that comes when it is first wanted; `null` till then. */
export function onceWanted(
  isWanted: () => boolean,
  part: () => Promise<ComponentType>,
): ReadonlySignal<ComponentType | null> {
  const found = signal<ComponentType | null>(null);
  watch(
    () => isWanted() && found.value === null,
    (isDue) => {
      if (isDue) void load(part).then((component) => (found.value = component));
    },
  );
  return found;
}

/** A panel that the first view does without: it comes once the map is seen, or when it is opened before. */
export function later(part: () => Promise<ComponentType>, Meanwhile: ComponentType = Waiting): ComponentType {
  const panel = signal<ComponentType | null>(null);
  const come = (found: ComponentType) => {
    panel.value = found;
  };
  // Of one that does not come before it is opened nobody need know.
  watch(
    () => detailed.value,
    (isDetailed) => isDetailed && void part().then(come, () => undefined),
  );
  return function Later() {
    useEffect(() => void load(part).then(come), []);
    const Panel = panel.value;
    return Panel ? <Panel /> : <Meanwhile />;
  };
}

/** A part of the first view that the map goes before: it comes once that is seen. Nothing stands for it unless told. */
export function afterMap(part: () => Promise<ComponentType>, Meanwhile: ComponentType = () => null): ComponentType {
  const found = onceWanted(() => detailed.value, part);
  return function AfterMap() {
    const Part = found.value ?? Meanwhile;
    return <Part />;
  };
}
