import type { ComponentChildren } from "preact";
import { ACTIONS, type ActionName } from "../state/keys";
import { words } from "../state/page";
import type { Loaded } from "../state/resource";
import { isNoFault, troubleDetail, troubleText } from "../state/troubles";
import { Icon, type IconName } from "./Icon";

/** What was refused here, in a sentence. What may pass is asked for again, and said once for the whole page. */
export function TroubleNote({ of, retry }: { of: Loaded<unknown>; retry: () => void }) {
  const { status, trouble } = of;
  if (status !== "failed" || !trouble || trouble.mayPass) return null;
  if (isNoFault(trouble)) {
    return (
      <p class="hint" role="status">
        {troubleText(trouble)}
      </p>
    );
  }
  const detail = troubleDetail(trouble);
  return (
    <div class="trouble" role="alert">
      <p>{troubleText(trouble)}</p>
      {detail !== "" && <p class="detail">{detail}</p>}
      {trouble.kind === "broken" && (
        <button type="button" class="plain" onClick={retry}>
          {words.value.retry}
        </button>
      )}
    </div>
  );
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** A quiet sign that something is on its way. */
export function Waiting() {
  return (
    <p class="waiting" role="status">
      <span class="dots" aria-hidden="true" />
      {words.value.loading}
    </p>
  );
}

/** A button for something that a key does too: its tooltip names both. */
export function ActionButton({
  of,
  icon,
  text,
  pressed,
}: {
  of: ActionName;
  icon: IconName;
  text?: string;
  pressed?: boolean;
}) {
  const { keys, name, run } = ACTIONS[of];
  const label = words.value[name];
  return (
    <button
      type="button"
      class={text === undefined ? "icon" : "plain"}
      title={`${label} (${keys})`}
      {...(text === undefined ? { "aria-label": label } : {})}
      aria-keyshortcuts={keys.replace("Ctrl", "Control")}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={run}
    >
      <Icon name={icon} />
      {text}
    </button>
  );
}

/** A few choices side by side, of which one holds. */
export function Choice<T extends string>({
  name,
  label,
  options,
  value,
  choose,
  hidden = true,
}: {
  name: string;
  label: string;
  options: readonly { value: T; text: string; title?: string }[];
  value: T | null;
  choose: (value: T) => void;
  /** Whether the label is for screen readers only. */
  hidden?: boolean;
}) {
  return (
    <fieldset class="choice">
      <legend class={hidden ? "unseen" : "label"}>{label}</legend>
      <div class="choices">
        {options.map((option) => (
          <label key={option.value} title={option.title}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => choose(option.value)}
            />
            <span>{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
