import type { Grid } from "../api/grids";

/** The tail of an official name that adds nothing on a map: 羊永村民委员会 is 羊永村, 城南社区居民委员会 is 城南社区. */
export function shortName(name: string): string {
  return name
    .replace(/社区居民委员会$/u, "社区")
    .replace(/村?村民委员会$/u, "村")
    .replace(/居民委员会$/u, "");
}

/**
 * What an area is called on the map: its short name, without its parent's name in front (城南社区第3网格 in 城南社区 is
 * 第3网格); without a name, the end of its code that its parent's code does not have.
 */
export function labelOf(grid: Pick<Grid, "code" | "name" | "parent">, parentName: string | null): string {
  if (grid.name === null)
    return grid.parent && grid.code.startsWith(grid.parent) ? grid.code.slice(grid.parent.length) : grid.code;
  const name = shortName(grid.name);
  const front = parentName === null ? "" : shortName(parentName);
  return front !== "" && name.startsWith(front) && name.length > front.length ? name.slice(front.length) : name;
}
