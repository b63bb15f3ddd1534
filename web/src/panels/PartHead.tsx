import { parts } from "../state/included";
import { sumOfRows } from "../state/marked";
import { groups } from "../state/ranking";
import { areaName, count } from "../state/text";

/** The part of the place that the rows below it are in: its name, how many they are, and what they add up to. */
export function PartHead({ of }: { of: string }) {
  const part = parts.value.find(({ code }) => code === of);
  const rows = groups.value.get(of) ?? [];
  return (
    <tr class="part">
      <th colSpan={4} scope="rowgroup">
        {part ? areaName(part, part.level) : of}
        <span class="aside">
          {count(rows.length)} · {sumOfRows(rows)}
        </span>
      </th>
    </tr>
  );
}
