import { effect, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { detailed } from "../state/page";
import { Waiting } from "./parts";

/** How long a panel that did not come is waited with. */
const AGAIN_MS = 2000;

/** A panel that the first view does without: it comes once the map is seen, or when it is opened before. */
export function later(ask: () => Promise<ComponentType>): ComponentType {
  const panel = signal<ComponentType | null>(null);
  let isAsked = false;
  const load = () => {
    if (isAsked) return;
    isAsked = true;
    ask().then(
      (found) => {
        panel.value = found;
      },
      () => {
        isAsked = false;
        setTimeout(load, AGAIN_MS);
      },
    );
  };
  effect(() => {
    if (detailed.value) load();
  });
  return function Later() {
    useEffect(load, []);
    const Panel = panel.value;
    return Panel ? <Panel /> : <Waiting />;
  };
}
