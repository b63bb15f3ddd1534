/**
 * What the areas are measured by, for coverage and hotspots alike: one list that the map, the legend and the table
 * share. Every number is the server's; here they are only sorted into classes.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { askCoverage, type Coverage, type CoverageQuestion } from "../api/coverage";
import { type Figure, UNKNOWN } from "../api/figures";
import { askHotspots, type Estimate, type HotspotQuestion, type Hotspots } from "../api/hotspots";
import { CHANGE_METRIC, changeDecimals, changeLimits, changeOf } from "./change";
import { type Classes, classify, type Place, placeOf, type Rule, roundTo } from "./classes";
import { daysAfter } from "./days";
import { figuresOf, leastDecimals, type Metric, measureOf, metricOf, type Ramp } from "./metrics";
import { detailed, filter, levels, region, revision, task, view } from "./page";
import { measuredLevel, place, placeCode } from "./places";
import { isSettled, resource } from "./resource";
import { type Filter, NO_FILTER, RANKS_BY, type RankBy, type Task } from "./url";
import { watch } from "./watch";

export const coverage = resource<Coverage>();
export const hotspots = resource<Hotspots>();
/** The incidents of the days that are compared with. */
export const earlier = resource<Hotspots>();
/** The reports of the whole place over all time, by week: what the time brush is drawn from. */
export const timeline = resource<Hotspots>();

/** The week that is played, by its place among the weeks; `null` while nothing is. */
export const week = signal<number | null>(null);

/** Only those who may see everything may narrow what is counted. */
export const mayNarrow = computed(() => region.value.value?.open ?? false);

/** The filter that is in force: the public's counts are narrowed by none, whatever a link says. */
export const filterInForce = computed<Filter>(() => (mayNarrow.value ? filter.value : NO_FILTER));

/** Tells whether reports are drawn as a surface of heat, and no rates by area. */
export const isHeat = computed(() => task.value === "hotspots" && view.value.surface === "heat");

/** The days that those of the filter are compared with; `null` while nothing is compared. */
export const than = computed(() =>
  task.value === "hotspots" && mayNarrow.value && !isHeat.value && week.value === null ? view.value.than : null,
);

/** Tells whether both spans of days are drawn, each on a map of its own, and not the change. */
export const isBeside = computed(() => than.value !== null && view.value.beside);

/** Days as the API takes a span of time; `null` is all of it. */
export function span({ from, to }: { from: string | null; to: string | null }): string | null {
  return from === null && to === null ? null : `${from ?? ".."}/${to ?? ".."}`;
}

/** `null` until it is known which level lies in the place. */
const where = computed<{ level: string; parent: string | null } | null>(() => {
  const [level, code, { status, value }] = [measuredLevel.value, placeCode.value, place.value];
  if (level === null) return null;
  if (code === null) return { level, parent: null };
  const isKnown = isSettled({ status }) && (value === null || value.code === code);
  return isKnown ? { level, parent: value && code } : null;
});

export const coverageQuestion = computed<CoverageQuestion | null>(() => {
  const { kind } = filterInForce.value;
  return where.value && { ...where.value, kind, datetime: span(filterInForce.value), figures: null };
});

export const hotspotQuestion = computed<HotspotQuestion | null>(() => {
  if (!where.value) return null;
  const { kind, tier, status } = filterInForce.value;
  const by: HotspotQuestion["by"] = view.value.surface === "heat" ? ["week", "point"] : ["week"];
  return { ...where.value, kind, tier, status, datetime: span(filterInForce.value), by };
});

const earlierQuestion = computed<HotspotQuestion | null>(
  () => hotspotQuestion.value && than.value && { ...hotspotQuestion.value, datetime: span(than.value) },
);

const timelineQuestion = computed<HotspotQuestion | null>(() => {
  const top = levels.value[1]?.code;
  const { kind, tier, status } = filter.value;
  if (!top || !mayNarrow.value) return null;
  return { level: top, parent: null, kind, tier, status, datetime: null, by: ["week"] };
});

/** One area as it is measured now. */
export type Measured = {
  id: string;
  code: string;
  name: string | null;
  parent: string | null;
  figure: Figure;
  /** What it is coloured and ranked by. */
  value: number | null;
  /** What is made of its rate of incidents, where that is known of all. */
  estimate: Estimate | null;
  missingRoles: readonly string[];
  /** What it was in the days that are compared with: its value is the change then. */
  before?: Figure;
};

export const HOTSPOT_METRIC: Metric = { code: "incidents", unit: "per_100", ramp: "heat" };
export const SMOOTHED_METRIC: Metric = { code: "incidents_smoothed", unit: "per_100", ramp: "heat" };
const COUNT_METRIC: Metric = { code: "incident_count", unit: "count", ramp: "heat" };
const WEEK_METRIC: Metric = { code: "week", unit: "flag", ramp: "heat" };

export const metric = computed<Metric>(() => {
  if (task.value !== "hotspots") return metricOf(view.value.metric);
  if (than.value && !isBeside.value) return CHANGE_METRIC;
  return week.value === null ? RANKED_BY[rankBy.value] : WEEK_METRIC;
});

const RANKED_BY: Readonly<Record<RankBy, Metric>> = {
  rate: HOTSPOT_METRIC,
  count: COUNT_METRIC,
  smoothed: SMOOTHED_METRIC,
};

/** What hotspots can be ranked by: the public is given no smoothed rates, and days are compared by their rates. */
export const ranksBy = computed<readonly RankBy[]>(() => {
  if (than.value) return ["rate"];
  const isSmoothed = hotspots.value.value?.rows.some(({ estimate }) => estimate !== null) ?? true;
  return RANKS_BY.filter((by) => by !== "smoothed" || isSmoothed);
});

/** What they are ranked by: as the address says, where that can be. */
export const rankBy = computed<RankBy>(() =>
  ranksBy.value.includes(view.value.rankBy) && !isHeat.value ? view.value.rankBy : "rate",
);

/** What an answer is to: where two questions are alike in these, their figures mean the same. */
const COVERED = ["level", "parent", "kind", "datetime"] as const;
const COUNTED = [...COVERED, "tier", "status"] as const;

/** Tells whether the figures at hand are of the areas, the incidents and the days that are asked for now. */
export const isOfView = computed(() => {
  if (task.value !== "hotspots") return isTo(coverage.value.value, coverageQuestion.value, COVERED);
  const isCompared = than.value === null || isTo(earlier.value.value, earlierQuestion.value, COUNTED);
  return isCompared && isTo(hotspots.value.value, hotspotQuestion.value, COUNTED);
});

/** Tells whether the weeks at hand are of the incidents that are asked for now. */
export const isTimelineOfView = computed(() =>
  mayNarrow.value ? isTo(timeline.value.value, timelineQuestion.value, COUNTED) : isOfView.value,
);

function isTo<Q extends object>(
  answer: { question: Q } | null,
  question: Q | null,
  keys: readonly (keyof Q)[],
): boolean {
  return answer !== null && question !== null && keys.every((key) => answer.question[key] === question[key]);
}

/** The areas as they are measured; `null` until their figures are here, or where nothing is measured. */
export const measured = computed<readonly Measured[] | null>(() => {
  if (task.value === "locate" || !isOfView.value) return null;
  if (than.value) {
    const both = withBefore(hotspots.value.value?.rows ?? [], earlier.value.value?.rows ?? []);
    return isBeside.value ? both : both.map(withChange(both));
  }
  if (task.value === "hotspots") return hotspots.value.value?.rows.map(measuredHotspot) ?? null;
  const { code } = metric.value;
  const covered = coverage.value.value;
  if (!covered || lacks(covered, code)) return null;
  return covered.rows.map((row) => {
    const figure = row.figures[code] ?? UNKNOWN;
    return { ...row, figure, value: measureOf(metric.value, figure), estimate: null };
  });
});

/** Tells whether there is a figure that the rows were not asked for: the total has every one. */
function lacks({ total, rows: [row] }: Coverage, code: string): boolean {
  return row !== undefined && code in total.figures && !(code in row.figures);
}

/** Whether the rows at hand have only the figures that were asked for first. */
const isPart = computed(() => {
  const { value, status } = coverage.value;
  return value !== null && status === "ready" && Object.keys(value.total.figures).some((code) => lacks(value, code));
});

function measuredHotspot(row: Hotspots["rows"][number]): Measured {
  const figure = countedIn(row);
  // The rates of a single week are not estimated.
  const estimate = week.value === null ? row.estimate : null;
  const value = metric.value === SMOOTHED_METRIC ? (estimate?.smoothed ?? null) : measureOf(metric.value, figure);
  return { ...row, figure, value, estimate, missingRoles: [] };
}

/** The rows with what they were before. */
function withBefore(rows: Hotspots["rows"], earlier: Hotspots["rows"]): (Measured & { before: Figure })[] {
  const figures = new Map(earlier.map(({ code, incidents }) => [code, incidents]));
  return rows.map((row) => ({ ...measuredHotspot(row), before: figures.get(row.code) ?? UNKNOWN }));
}

/** Gives a row the change as its value, as it is written among those of all. */
function withChange(all: readonly (Measured & { before: Figure })[]): (row: Measured & { before: Figure }) => Measured {
  const decimals = changeDecimals(all.map(({ figure, before }) => changeOf(figure, before)));
  return (row) => {
    const change = changeOf(row.figure, row.before);
    return { ...row, value: change === null ? null : roundTo(change, decimals), estimate: null };
  };
}

/** What the value of a row was before. */
export function valueBefore({ before }: Measured): number | null {
  return measureOf(metric.value, before);
}

/** A row as it was in the days that are compared with. */
export function earlierOf(measured: Measured): Measured {
  const { before, ...row } = measured;
  return { ...row, value: valueBefore(measured), figure: before ?? UNKNOWN, estimate: null };
}

/** The incidents of a row: of the whole span, or of the week that is played. */
export function countedIn({ incidents, byWeek }: Pick<Hotspots["total"], "incidents" | "byWeek">): Figure {
  if (week.value === null) return incidents;
  const numerator = byWeek[week.value] ?? null;
  return { numerator, denominator: incidents.denominator, value: null, withheld: numerator === null };
}

/** The week that is played, by its name and first day. */
export const playedWeek = computed(() =>
  week.value === null ? null : (hotspots.value.value?.weeks[week.value] ?? null),
);

/** The first and last day of that week, as far as the filter counts them. */
export const weekSpan = computed<Partial<Pick<Filter, "from" | "to">>>(() => {
  if (!playedWeek.value) return {};
  const [start, end] = [playedWeek.value.from, daysAfter(playedWeek.value.from, 6)];
  const { from, to } = filterInForce.value;
  return { from: from !== null && from > start ? from : start, to: to !== null && to < end ? to : end };
});

/** The answer that the shown task lives on. */
export const measuring = computed(() => {
  if (task.value !== "hotspots") return coverage.value;
  return than.value && hotspots.value.status === "ready" ? earlier.value : hotspots.value;
});

/** Tells whether the figures at hand are those of what is shown now, and not of what was shown before. */
export const isMeasured = computed(
  () => where.value !== null && (task.value === "locate" || measuring.value.status === "ready"),
);

/** 0 means that there is nothing, except for shares of which more is better. */
export const zeroIsNone = computed(() => metric.value.ramp !== "sequential");

/** How many reports in one week set a class apart: the same in every week, so that weeks can be compared. */
const WEEK_LIMITS = [1, 2, 3, 5, 10];

export const rule = computed<Rule>(() => {
  const common = { zeroIsNone: zeroIsNone.value, decimals: leastDecimals(metric.value) };
  const { unit } = metric.value;
  if (metric.value.code === "week") return { method: "target", n: 0, limits: WEEK_LIMITS, ...common };
  if (unit === "flag") return { method: "target", n: 0, limits: [], ...common };
  if (metric.value === CHANGE_METRIC) return changeRule();
  const chosen = view.value.classing;
  const target = homesTarget.value;
  if (target && (chosen === null || chosen.method === "target")) {
    const limits = [0, target.floor, target.target + 1, target.ceiling + 1];
    return { method: "target", n: 0, limits, ...common };
  }
  // A hotspot stands apart by its value; as many in each class would hide it among others.
  const method = metric.value.ramp === "heat" ? "natural" : "quantile";
  if (chosen === null || chosen.method === "target") return { method, n: 5, limits: [], ...common };
  return { ...chosen, ...common };
});

function changeRule(): Rule {
  const changes = (measured.value ?? []).map(({ value }) => value).filter((value) => value !== null);
  const decimals = changeDecimals(changes);
  return { method: "target", n: 0, limits: changeLimits(changes, decimals), zeroIsNone: true, decimals };
}

/** The rule for how many homes an area should have, while homes are shown and there is one. */
export const homesTarget = computed(() =>
  task.value === "coverage" && metric.value.unit === "homes" ? (coverage.value.value?.householdTarget ?? null) : null,
);

/** The colours that are used: those about a target only while the target divides the classes. */
export const ramp = computed<Ramp>(() =>
  metric.value.ramp === "target" && rule.value.method !== "target" ? "sequential" : metric.value.ramp,
);

export const classes = computed<Classes>(() => {
  const rows = measured.value ?? [];
  const now = rows.map((one) => one.value);
  // Two maps have one legend.
  return classify(isBeside.value ? [...now, ...rows.map(valueBefore)] : now, rule.value);
});

export function placeOfValue(value: number | null): Place {
  return placeOf(value, classes.value, zeroIsNone.value);
}

/** Tells whether the legend leaves an area in sight; the surface of heat has no classes to switch off. */
export function isOn(value: number | null): boolean {
  if (isHeat.value) return true;
  const at = placeOfValue(value);
  return view.value.off.length === 0 || typeof at !== "number" || !view.value.off.includes(at);
}

/** The area with a code among those measured. */
export const measuredByCode = computed(() => new Map((measured.value ?? []).map((one) => [one.code, one])));

/** Areas over the ceiling have dots, so that they stand out without colour. */
export function isDotted(at: Place): boolean {
  return ramp.value === "target" && at === classes.value.classes.length - 1;
}

/** Asks for what the shown task needs, and anew at every change of it. */
export function followMeasures(): void {
  watch(asked("coverage", coverageQuestion), (due) => due && loadCoverage(due.question));
  // Every other metric shall be there at once when it is chosen.
  watch(
    () => task.value === "coverage" && isPart.value && (detailed.value || measured.value === null),
    (isDue) => {
      const question = coverageQuestion.peek();
      if (isDue && question) coverage.load((signal) => askCoverage(question, signal));
    },
  );
  watch(
    asked("hotspots", hotspotQuestion),
    (due) => due && hotspots.load((signal) => askHotspots(due.question, signal)),
  );
  watch(
    asked("hotspots", earlierQuestion),
    (due) => due && earlier.load((signal) => askHotspots(due.question, signal)),
  );
  watch(
    asked("hotspots", timelineQuestion),
    (due) => due && timeline.load((signal) => askHotspots(due.question, signal)),
  );
}

/** What a task asks, and of which revision; `null` while it is not shown or not known. */
function asked<T>(by: Task, question: ReadonlySignal<T | null>): () => { question: T; revision: number } | null {
  return () => {
    const [now, known] = [question.value, revision.value];
    return task.value === by && now !== null && known !== null ? { question: now, revision: known } : null;
  };
}

/** Asks for all figures; until the map is seen for those alone that it is coloured by. */
function loadCoverage(question: CoverageQuestion): void {
  const figures = detailed.value ? null : figuresOf(metric.value, levels.value);
  coverage.load((signal) => askCoverage({ ...question, figures }, signal));
}

/** Asks again for what the shown task needs. */
export function measureAgain(): void {
  const [covered, spots, before] = [coverageQuestion.peek(), hotspotQuestion.peek(), earlierQuestion.peek()];
  if (task.peek() === "coverage" && covered) loadCoverage(covered);
  if (task.peek() === "hotspots" && spots) hotspots.load((signal) => askHotspots(spots, signal));
  if (task.peek() === "hotspots" && before) earlier.load((signal) => askHotspots(before, signal));
}
