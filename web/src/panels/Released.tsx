import { dayIn } from "../api/region";
import { region, words } from "../state/page";
import { filled } from "../state/text";

/** How the public's counts were rounded, and since when they are told. */
export function Released({ of: { minimum, released } }: { of: { minimum: number | null; released: string | null } }) {
  if (minimum === null || released === null) return null;
  const day = dayIn(released, region.value.value?.utcOffset ?? "+00:00");
  return <p class="hint">{filled(words.value.minimumNote, { n: String(minimum), below: String(minimum - 1), day })}</p>;
}
