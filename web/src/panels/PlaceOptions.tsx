import { FRAMES, type Frame, type Question } from "../api/locate";
import { show, words } from "../state/page";
import { frameName } from "../state/text";
import { Select } from "./Select";

/** The spots a phone may be off by; 0 is a point that is certain. */
const ACCURACIES = [0, 10, 30, 100];

/** What holds of the place: its frame, how exact it is, and the day. */
export function PlaceOptions({ asked }: { asked: Question | null }) {
  const accuracies = [...new Set([...ACCURACIES, asked?.accuracyM ?? 0])].sort((a, b) => a - b);
  return (
    <div class="options">
      <Select<Frame>
        name="frame"
        label={words.value.frame}
        value={asked?.frame ?? "wgs84"}
        options={FRAMES.map((frame) => [frame, frameName(frame)])}
      />
      {/* Another accuracy, or another day, asks again at once; another frame waits for its coordinates. */}
      <Select
        name="accuracy"
        label={words.value.accuracy}
        value={String(asked?.accuracyM ?? 0)}
        options={accuracies.map((metres) => [
          String(metres),
          metres === 0 ? words.value.accuracyExact : `± ${metres} m`,
        ])}
        choose={(metres) => asked && show({ question: { ...asked, accuracyM: Number(metres) } })}
      />
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
