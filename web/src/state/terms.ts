/** The terms that can be explained: each by the name that it has on the page. */
import { signal } from "@preact/signals";
import type { TERM_NAMES } from "../i18n/terms";
import { open } from "./keys";
import { CLOSED_AT, METRICS } from "./metrics";

export type TermName = keyof typeof TERM_NAMES;

/** What a term means; of a figure also what is counted, and out of what. */
export type Term = { is: string; part?: string; of?: string };

/** The terms that the reader asked about. */
export const asked = signal<readonly TermName[]>([]);

export function explain(terms: readonly TermName[]): void {
  asked.value = terms;
  open.value = "terms";
}

/** The term of a metric by its code: every metric is one, and a test holds them to it. */
export function termOf(code: string): TermName {
  return code.startsWith(CLOSED_AT) ? "closed" : (code as TermName);
}

/** The terms of the cards. */
export const CARD_TERMS: readonly TermName[] = [
  ...METRICS.flatMap(({ code }): TermName[] =>
    code === "homes" ? ["homes", "over_ceiling", "under_floor"] : [termOf(code)],
  ),
  "closed",
];
