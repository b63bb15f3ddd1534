import { useLayoutEffect, useRef } from "preact/hooks";
import { daysText } from "../state/caption";
import { than } from "../state/measured";
import { type MapCommands, words } from "../state/page";
import { rangeText } from "../state/text";

/** The map of the days that are compared with, left of the other one; over each stand its days. */
export function Beside({ on }: { on: MapCommands }) {
  const container = useRef<HTMLElement>(null);
  useLayoutEffect(() => (container.current ? on.beside(container.current) : undefined), [on]);
  return (
    <>
      <section ref={container} class="before-map" aria-label={words.value.mapBefore} />
      <p class="half before number">{than.value && rangeText(than.value)}</p>
      <p class="half now number">{daysText()}</p>
    </>
  );
}
