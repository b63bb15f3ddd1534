/** The terms that can be explained: each by the name that it has on the page. */
import { signal } from "@preact/signals";
import type { Dictionary } from "../i18n/en";
import { open } from "./keys";
import { CLOSED_AT, METRICS } from "./metrics";

const NAMES = {
  homes: "metric_homes",
  over_ceiling: "metric_over_ceiling",
  under_floor: "metric_under_floor",
  without_leader: "metric_without_leader",
  lacking_roles: "metric_lacking_roles",
  without_grid: "metric_without_grid",
  uncovered: "metric_uncovered",
  overlap: "metric_overlap",
  incidents: "metric_incidents",
  resolved: "metric_resolved",
  closed: "metric_closed",
  week: "metric_week",
  heat: "surface_heat",
  rank: "ranking",
  parts: "ofWhat",
  target: "method_target",
  quantile: "method_quantile",
  equal: "method_equal",
  natural: "method_natural",
  manual: "method_manual",
  withheld: "notShown",
  unknown: "unknown",
  nothing: "legend_nothing",
  certain: "certain",
  uncertain: "uncertain",
  accuracy: "accuracy",
  edge: "termEdge",
  chain: "chain",
  vacancy: "termVacancy",
} as const satisfies Record<string, keyof Dictionary>;

export type TermName = keyof typeof NAMES;

export const TERM_NAMES: Readonly<Record<TermName, keyof Dictionary>> = NAMES;

/** What a term means; of a figure also what is counted, and out of what. */
export type Term = { is: string; part?: string; of?: string };

/** The terms that the reader asked about. */
export const asked = signal<readonly TermName[]>([]);

export function explain(terms: readonly TermName[]): void {
  asked.value = terms;
  open.value = "terms";
}

/** The term of a metric by its code. */
export function termOf(code: string): TermName {
  if (code.startsWith(CLOSED_AT)) return "closed";
  return code in NAMES ? (code as TermName) : "homes";
}

/** The terms of the cards. */
export const CARD_TERMS: readonly TermName[] = [
  ...METRICS.flatMap(({ code }): TermName[] =>
    code === "homes" ? ["homes", "over_ceiling", "under_floor"] : [termOf(code)],
  ),
  "closed",
];
