import type { GridName } from "../api/locate";
import { words } from "../state/page";
import type { Loaded } from "../state/resource";
import type { Found } from "../state/search";
import { frameName, gridText, levelName, roleName } from "../state/text";
import { degrees } from "../state/url";

/** One of what was found: its name, and what tells it from its like. */
export function FoundRow({ found }: { found: Found }) {
  const { name, aside } = inWords(found);
  return (
    <>
      <span class="name">{name}</span>
      {aside !== "" && <span class="aside">{aside}</span>}
    </>
  );
}

function inWords(found: Found): { name: string; aside: string } {
  if (found.kind === "place") {
    const { lon, lat } = found.at;
    return { name: `${words.value.whoAt} ${degrees(lon)}, ${degrees(lat)}`, aside: frameName(found.frame) };
  }
  if (found.kind === "grid") {
    const aside = [levelName(found.level), pathOf(found.above), found.code];
    return { name: gridText(found, found.above), aside: joined(aside) };
  }
  const { name, phone, role, grid } = found;
  const serves = grid && pathOf([...grid.above, grid]);
  return { name: joined([name, phone]), aside: joined([role && roleName(role), serves]) };
}

/** The way down to a place, without the region itself. */
function pathOf(grids: readonly GridName[]): string {
  return grids
    .slice(1)
    .map((grid, n) => gridText(grid, grids.slice(1, n + 1)))
    .join(" › ");
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

/** Why nothing is found; of a server that is away the whole page says so once. */
export function nothingFound({ status, trouble }: Loaded<unknown>): string {
  if (status === "loading" || trouble?.mayPass) return words.value.loading;
  return trouble ? words.value[trouble.kind] : words.value.searchNone;
}
