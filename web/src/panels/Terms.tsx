import { useRef } from "preact/hooks";
import { TERM_NAMES } from "../i18n/terms";
import { termsEn } from "../i18n/terms.en";
import { termsZh } from "../i18n/terms.zh";
import { open } from "../state/keys";
import { language, words } from "../state/page";
import { asked, type TermName } from "../state/terms";
import { labelled } from "../state/text";
import { useAtOnce } from "./atOnce";
import { Icon } from "./Icon";

/** What the terms mean that were asked about. It is closed by Escape, by its button or by a press beside it. */
export function Terms() {
  const sheet = useRef<HTMLDivElement>(null);
  useAtOnce(
    () => open.value === "terms",
    (isOpen) => (isOpen ? sheet.current?.showPopover() : sheet.current?.hidePopover()),
  );
  function shut(): void {
    if (open.value === "terms") open.value = null;
  }
  return (
    <div
      ref={sheet}
      popover="auto"
      role="dialog"
      class="sheet terms"
      aria-labelledby="terms-title"
      onBeforeToggle={({ newState }) => newState === "closed" && shut()}
    >
      <h2 id="terms-title">{words.value.whatIs}</h2>
      <dl>
        {asked.value.map((name) => (
          <Meaning key={name} name={name} />
        ))}
      </dl>
      <button type="button" class="icon close" aria-label={words.value.close} autofocus onClick={shut}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Meaning({ name }: { name: TermName }) {
  const { is, part, of } = (language.value === "zh" ? termsZh : termsEn)[name];
  const { csv_denominator, csv_numerator } = words.value;
  return (
    <div>
      <dt>{words.value[TERM_NAMES[name]]}</dt>
      <dd>
        {is}
        {part !== undefined && of !== undefined && (
          <span class="aside">
            {labelled(csv_numerator, part)} / {labelled(csv_denominator, of)}
          </span>
        )}
      </dd>
    </div>
  );
}
