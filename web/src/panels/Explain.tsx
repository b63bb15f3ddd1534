import { words } from "../state/page";
import { explain, type TermName } from "../state/terms";
import { Icon } from "./Icon";

/** Asks what the terms beside it mean. */
export function Explain({ terms, text }: { terms: readonly TermName[]; text?: string }) {
  const { whatIs } = words.value;
  return (
    <button
      type="button"
      class={text === undefined ? "explain" : "link explain"}
      aria-haspopup="dialog"
      {...(text === undefined ? { "aria-label": whatIs, title: whatIs } : {})}
      onClick={() => explain(terms)}
    >
      {text ?? <Icon name="keys" />}
    </button>
  );
}
