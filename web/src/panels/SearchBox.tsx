import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ACTIONS, searchAsked } from "../state/keys";
import { words } from "../state/page";
import { pathTo } from "../state/places";
import { type Found, found, go, prepareSearch, sought } from "../state/search";
import { areaName, levelName } from "../state/text";
import { degrees } from "../state/url";
import { useAtOnce } from "./atOnce";
import { Icon } from "./Icon";

/** One field for names, codes and coordinates; what was found is chosen with the arrows or the pointer. */
export function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  const listed = useSignal(false);
  const at = useSignal(0);
  const results = found.value;
  const isOpen = listed.value && sought.value.trim() !== "";

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
      take(results[at.value]);
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
          prepareSearch();
        }}
        onBlur={() => (listed.value = false)}
        onInput={(event) => {
          sought.value = event.currentTarget.value;
          listed.value = true;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <kbd>{ACTIONS.search.keys}</kbd>
      {/* The list is always there, so that what the field points to exists. */}
      <div
        id="found"
        class="found"
        role="listbox"
        tabIndex={-1}
        aria-label={words.value.searchResults}
        hidden={!isOpen || results.length === 0}
      >
        {results.map((one, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field's own keys choose among the options.
          <div
            key={one.kind === "place" ? one.frame : one.code}
            id={`found-${n}`}
            role="option"
            tabIndex={-1}
            aria-selected={n === at.value}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => (at.value = n)}
            onClick={() => take(one)}
          >
            <Result found={one} />
          </div>
        ))}
      </div>
      {isOpen && results.length === 0 && (
        <p class="found none" role="status">
          {words.value.searchNone}
        </p>
      )}
    </div>
  );
}

function Result({ found: one }: { found: Found }) {
  if (one.kind === "place") {
    return (
      <>
        <span class="name">
          {words.value.whoAt} {degrees(one.at.lon)}, {degrees(one.at.lat)}
        </span>
        <span class="aside">{words.value[`frame_${one.frame}`]}</span>
      </>
    );
  }
  if (one.kind === "code") {
    return (
      <span class="name">
        {words.value.code} {one.code}
      </span>
    );
  }
  const above = pathTo(one.parent).slice(1);
  return (
    <>
      <span class="name">{areaName(one, one.level)}</span>
      <span class="aside">
        {levelName(one.level)}
        {above.length > 0 && ` · ${above.map((step) => areaName(step, null)).join(" › ")}`} · {one.code}
      </span>
    </>
  );
}
