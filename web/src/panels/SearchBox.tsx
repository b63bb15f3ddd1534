import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ACTIONS, searchAsked } from "../state/keys";
import { words } from "../state/page";
import { clearRecent, recent } from "../state/recent";
import { type Found, finder, go, keyOf } from "../state/search";
import { useAtOnce } from "./atOnce";
import { FoundRow, nothingFound } from "./FoundRow";
import { Icon } from "./Icon";

const { text: sought, found, fault, asking } = finder();

/** One field for everything: what was found, or looked up before, is chosen with the arrows or the pointer. */
export function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  const listed = useSignal(false);
  const at = useSignal(0);
  /** Enter was pressed before the answer came: the best of it is taken. */
  const hasty = useSignal(false);
  const isEmpty = sought.value.trim() === "";
  const results = isEmpty ? recent.value : found.value;
  const isOpen = listed.value && !(isEmpty && results.length === 0);

  useAtOnce(
    () => asking.value.status,
    (status) => {
      if (status === "loading" || !hasty.value) return;
      hasty.value = false;
      take(found.value[0]);
    },
  );

  useAtOnce(
    () => searchAsked.value,
    (asked) => {
      if (asked === 0) return;
      field.current?.focus();
      field.current?.select();
    },
  );

  function take(one: Found | undefined): void {
    if (!one) return;
    listed.value = false;
    sought.value = "";
    field.current?.blur();
    go(one);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes, its keys are its own.
    if (event.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && results.length > 0) {
      event.preventDefault();
      at.value = (at.value + step + results.length) % results.length;
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (asking.value.status === "loading") hasty.value = true;
      else take(results[at.value]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (sought.value === "") field.current?.blur();
      sought.value = "";
    }
  }

  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        id="search"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-label={words.value.searchLabel}
        aria-expanded={isOpen && results.length > 0}
        aria-controls="found"
        aria-autocomplete="list"
        {...(isOpen && results.length > 0 ? { "aria-activedescendant": `found-${at.value}` } : {})}
        placeholder={words.value.searchHint}
        title={`${words.value.do_search} (${ACTIONS.search.keys})`}
        value={sought.value}
        onFocus={() => {
          listed.value = true;
          at.value = 0;
        }}
        onBlur={() => (listed.value = false)}
        onInput={(event) => {
          sought.value = event.currentTarget.value;
          listed.value = true;
          at.value = 0;
          hasty.value = false;
        }}
        onKeyDown={onKeyDown}
      />
      <kbd>{ACTIONS.search.keys}</kbd>
      {/* The list is always there, so that what the field points to exists. */}
      <div class="found" hidden={!isOpen || results.length === 0}>
        <div id="found" role="listbox" tabIndex={-1} aria-label={words.value.searchResults}>
          {results.map((one, n) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field's own keys choose among the options.
            <div
              key={keyOf(one)}
              id={`found-${n}`}
              role="option"
              tabIndex={-1}
              aria-selected={n === at.value}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => (at.value = n)}
              onClick={() => take(one)}
            >
              <FoundRow found={one} />
            </div>
          ))}
        </div>
        {isEmpty && (
          <button
            type="button"
            class="link clear"
            onMouseDown={(event) => event.preventDefault()}
            onClick={clearRecent}
          >
            {words.value.clearRecent}
          </button>
        )}
      </div>
      {isOpen && results.length === 0 && (
        <p class="found none" role="status">
          {sentence()}
        </p>
      )}
    </div>
  );
}

/** Why the list is empty. */
function sentence(): string {
  if (fault.value !== null) return words.value[`place_${fault.value}`];
  return nothingFound(asking.value);
}
