import { FRAMES, type Question } from "../api/locate";
import { show, words } from "../state/page";
import { frameName } from "../state/text";

/** The spots a phone may be off by; 0 is a point that is certain. */
const ACCURACIES = [0, 10, 30, 100];

/** What holds of the place: its frame, how exact it is, and the day. */
export function PlaceOptions({ asked }: { asked: Question | null }) {
  const accuracies = [...new Set([...ACCURACIES, asked?.accuracyM ?? 0])].sort((a, b) => a - b);
  return (
    <div class="options">
      <label>
        <span class="label-text">{words.value.frame}</span>
        <select name="frame" value={asked?.frame ?? "wgs84"}>
          {FRAMES.map((frame) => (
            <option key={frame} value={frame}>
              {frameName(frame)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="label-text">{words.value.accuracy}</span>
        {/* Another accuracy, or another day, asks again at once; another frame waits for its coordinates. */}
        <select
          name="accuracy"
          value={String(asked?.accuracyM ?? 0)}
          onChange={(event) => asked && show({ question: { ...asked, accuracyM: Number(event.currentTarget.value) } })}
        >
          {accuracies.map((metres) => (
            <option key={metres} value={String(metres)}>
              {metres === 0 ? words.value.accuracyExact : `± ${metres} m`}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="label-text">{words.value.asOfDay}</span>
        <input
          type="date"
          name="day"
          value={asked?.day ?? ""}
          onChange={({ currentTarget: { value } }) =>
            asked && show({ question: { ...asked, day: value === "" ? null : value } })
          }
        />
      </label>
    </div>
  );
}
