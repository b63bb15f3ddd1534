/**
 * What is shown, in words that stand alone: over a picture, on paper, and in the name of a file. All of it is of the
 * answer whose figures are shown, not of what is being asked for meanwhile.
 */
import { computed } from "@preact/signals";
import type { Week } from "../api/hotspots";
import { dayIn } from "../api/region";
import { basemap } from "./basemaps";
import { dataText } from "./clock";
import { includedTexts } from "./included";
import { isOff, legend, legendTitle, rowText } from "./legend";
import { markedNames } from "./marked";
import {
  coverage,
  filterInForce,
  hotspots,
  isBeside,
  isHeat,
  isOfView,
  metric,
  playedWeek,
  rule,
  span,
  than,
} from "./measured";
import { CLOSED_AT } from "./metrics";
import { region, task, words } from "./page";
import { path } from "./places";
import { areaName, dayText, filled, kindName, labelled, levelName, named, rangeText } from "./text";

/** The figures that are shown, with the question they answer; `null` while there are none of this view. */
const shown = computed(() => {
  if (task.value === "locate" || !isOfView.value) return null;
  return task.value === "hotspots" ? hotspots.value.value : coverage.value.value;
});

const offset = computed(() => region.value.value?.utcOffset ?? "+00:00");

/** The place that is looked into. */
export const placeName = computed(() => {
  const here = region.value.value;
  const place = path.value.at(-1);
  return place ? areaName({ name: place.name, code: place.code }, place.level) : here ? named(here.names) : "";
});

/** The place, what is measured and the level, in one line. */
export const captionTitle = computed(() => {
  return [placeName.value, shown.value ? legendTitle.value : ""].filter((part) => part !== "").join(" · ");
});

/** Of which days and which incidents the figures are, how they are classed, and what is left out. */
export const captionDetails = computed<readonly string[]>(() => {
  if (!shown.value) return [];
  return [
    ...includedTexts.value,
    ...(countsIncidents() ? [periodText.value, ...filterTexts()] : []),
    ...classTexts(),
    ...(markedNames.value ? [markedNames.value] : []),
  ];
});

/** Whether the metric is counted from incidents: homes and vacancies have neither period nor kind. */
function countsIncidents(): boolean {
  const { code } = metric.value;
  return task.value === "hotspots" || code.startsWith(CLOSED_AT) || code === "incidents" || code === "resolved";
}

/** The days that are counted: those asked for, or the week that is played; with the days of the first and last incident. */
export const periodText = computed(() => {
  if (playedWeek.value) return weekText(playedWeek.value);
  if (!than.value) return daysText();
  const { comparedDays, comparedMaps } = words.value;
  return filled(isBeside.value ? comparedMaps : comparedDays, { days: daysText(), than: rangeText(than.value) });
});

/** The days of the figures themselves. */
export function daysText(): string {
  const { allTime, brushFrom, brushTo } = words.value;
  // While the answer is on its way, the days are those that are asked for.
  const asked = shown.value ? shown.value.question.datetime : span(filterInForce.value);
  const [from = "..", to = ".."] = asked?.split("/") ?? [];
  const period = shown.value?.period;
  if (from === ".." && to === "..") {
    return period ? `${allTime} (${dayIn(period.from, offset.value)} – ${dayIn(period.to, offset.value)})` : allTime;
  }
  if (from === "..") return `${brushTo} ${to}`;
  return to === ".." ? `${brushFrom} ${from}` : rangeText({ from, to });
}

/** A week by its name and its first day. */
export function weekText({ week, from }: Week): string {
  return `${week} · ${filled(words.value.weekOf, { day: dayText(from) })}`;
}

function filterTexts(): string[] {
  const question = shown.value?.question;
  const kind = question?.kind ?? null;
  const [tier, status] = question && "tier" in question ? [question.tier, question.status] : [null, null];
  return [
    kind === null ? words.value.kind_every : kindName(kind),
    tier === null ? "" : labelled(words.value.tier, levelName(tier)),
    status === null ? "" : words.value[`status_${status}`],
  ].filter((part) => part !== "");
}

function classTexts(): string[] {
  if (isHeat.value) return [];
  const off = legend.value.filter(isOff);
  const method = labelled(words.value.classing, words.value[`method_${rule.value.method}`]);
  const hidden = labelled(words.value.hidden, off.map(rowText).join("; "));
  const isOwn = metric.value.unit === "flag" || metric.value.ramp === "change";
  return [...(isOwn ? [] : [method]), ...(off.length === 0 ? [] : [hidden])];
}

/** When its figures were so, and whose map lies below. */
export const captionSource = computed<readonly string[]>(() => {
  const { attribution = "", approval = null } = basemap.value ?? {};
  // While figures of a newer revision are on their way, these are of none that is known.
  const from = shown.value?.revision === region.value.value?.revision ? dataText.value : null;
  const parts = [from ?? "", attribution, approval === null ? "" : `${words.value.approval} ${approval}`];
  return parts.filter((part) => part !== "");
});

/** The name of a file with what is shown: its place, what is included, metric, level, days and filter, and the revision of its data. */
export function fileName(ending: string, part = includedTexts.value): string {
  const parts = [captionTitle.value, ...part, ...(countsIncidents() ? [periodText.value, ...filterTexts()] : [])];
  const revision = shown.value ? `r${shown.value.revision}` : "";
  const name = [...parts, revision].join("_").replace(/[\\/:*?"<>|\s·()]+/g, "-");
  return `${name.replace(/-*_-*/g, "_")}.${ending}`;
}
