import { bars, endTexts } from "../state/histogram";
import { view, words } from "../state/page";
import { filled } from "../state/text";
import { Swatch } from "./Swatch";

/** How the values are spread over the classes. */
export function Histogram() {
  if (bars.value.length === 0) return null;
  const most = Math.max(...bars.value.map(({ n }) => n));
  const [from = "", to = ""] = endTexts.value;
  return (
    <div class="histogram" role="img" aria-label={filled(words.value.histogram, { from, to })}>
      <div class="bars">
        {bars.value.map(({ n, parts }, at) => (
          <span key={at} class="bar" style={{ height: `${(100 * n) / most}%` }}>
            {parts.toReversed().map((part) => (
              <span
                key={part.place}
                data-place={part.place}
                data-n={part.n}
                class={view.value.off.includes(part.place) ? "off" : ""}
                style={{ flexGrow: part.n }}
              >
                <Swatch at={part.place} />
              </span>
            ))}
          </span>
        ))}
      </div>
      <p class="ends">
        <span>{from}</span>
        <span>{to}</span>
      </p>
    </div>
  );
}
