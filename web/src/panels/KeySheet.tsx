import { useRef } from "preact/hooks";
import { ACTIONS, open } from "../state/keys";
import { words } from "../state/page";
import { useAtOnce } from "./atOnce";
import { Icon } from "./Icon";

/** All keys, from the list that the keyboard obeys. */
export function KeySheet() {
  const sheet = useRef<HTMLDialogElement>(null);
  useAtOnce(
    () => open.value === "keys",
    (isOpen) => (isOpen ? sheet.current?.showModal() : sheet.current?.close()),
  );
  // Escape cancels, which is heard at once; closing is heard a moment later, when keys may already act again.
  function shut(): void {
    if (open.value === "keys") open.value = null;
  }
  return (
    <dialog ref={sheet} class="sheet" aria-labelledby="sheet-title" onCancel={shut} onClose={shut}>
      <h2 id="sheet-title">{words.value.sheetTitle}</h2>
      <p class="hint">{words.value.sheetHint}</p>
      <dl class="keys">
        {Object.values(ACTIONS).map(({ keys, name }) => (
          <div key={name}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{words.value[name]}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="icon close" aria-label={words.value.close} onClick={shut}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
