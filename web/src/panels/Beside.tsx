import { useLayoutEffect, useRef } from "preact/hooks";
import type { MapCommands } from "../state/page";
import type { Pair } from "../state/pair";
import { pairNames, secondName } from "../state/pairNames";

/** The second map of a pair, beside the first one; over each stands what it shows. */
export function Beside({ on, pair }: { on: MapCommands; pair: Pair }) {
  const container = useRef<HTMLElement>(null);
  // Whoever shows another pair makes this anew.
  useLayoutEffect(() => (container.current ? on.beside(container.current, pair) : undefined), [on]);
  const [left, right] = pairNames.value;
  return (
    <>
      <section ref={container} class="second-map" aria-label={secondName.value} />
      <p class="half left number">{left}</p>
      <p class="half right number">{right}</p>
    </>
  );
}
