import { placeName } from "../state/caption";
import { within } from "../state/included";
import { words } from "../state/page";
import { filled } from "../state/text";

/** Says that figures are of the whole place, where the list below them is of a part of it. */
export function WholePlace() {
  if (within.value === null) return null;
  return <p class="hint">{filled(words.value.ofWhole, { place: placeName.value })}</p>;
}
