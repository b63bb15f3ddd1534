/** What the grid beyond the nearest edge lies in: the code of one without a name says nothing to a reader. */

import { askGridByCode } from "../api/grids";
import type { GridName } from "../api/locate";
import { answer } from "./answer";
import { gridsByCode, levels, question } from "./page";
import { resource } from "./resource";
import { watch } from "./watch";

/** The areas above the neighbour with that code, from the top down. */
export const neighbourPath = resource<{ code: string; above: GridName[] }>();

export function followNeighbour(): void {
  watch(
    () => {
      const neighbour = question.value && answer.value.value?.edge?.neighbour;
      return neighbour && neighbour.name === null ? neighbour.code : null;
    },
    (code) => {
      if (code === null) neighbourPath.clear();
      else neighbourPath.load(async (signal) => ({ code, above: await above(code, signal) }));
    },
  );
}

/** The areas above an area, from the top down. */
async function above(code: string, signal: AbortSignal): Promise<GridName[]> {
  const path: GridName[] = [];
  let parent = (await find(code, signal))?.parent ?? null;
  while (parent !== null && path.length < levels.peek().length) {
    const grid = await find(parent, signal);
    if (!grid) break;
    path.unshift(grid);
    parent = grid.parent;
  }
  return path;
}

async function find(code: string, signal: AbortSignal): Promise<(GridName & { parent: string | null }) | null> {
  const here = gridsByCode.peek().get(code);
  return here ? { ...here.grid, level: here.level } : askGridByCode(code, signal);
}
