/** The shapes of the grids that a place may also lie in, asked for when there is doubt. */
import type { AreaGeometry } from "../api/features";
import { askGridByCode } from "../api/grids";
import { answer } from "./answer";
import { gridsByCode, question } from "./page";
import { resource } from "./resource";
import { watch } from "./watch";

export const candidateShapes = resource<AreaGeometry[]>();

/** More than these would be no help on the map. */
const MAX_SHAPES = 20;

export function followCandidates(): void {
  watch(
    () => (question.value && answer.value.value?.candidates) ?? [],
    (candidates) => {
      const codes = candidates.slice(0, MAX_SHAPES).map(({ code }) => code);
      if (codes.length === 0) candidateShapes.clear();
      else candidateShapes.load((signal) => Promise.all(codes.map((code) => shapeOf(code, signal))).then(present));
    },
  );
}

async function shapeOf(code: string, signal: AbortSignal): Promise<AreaGeometry | null> {
  const grid = gridsByCode.peek().get(code)?.grid ?? (await askGridByCode(code, signal));
  return grid?.geometry ?? null;
}

function present<T>(all: readonly (T | null)[]): T[] {
  return all.filter((one) => one !== null);
}
