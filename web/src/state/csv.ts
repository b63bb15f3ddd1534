/**
 * The figures as a file for people: headings in the language of the page, each with its stable name in brackets for
 * programs; values as the page writes them, beside the counts they are made of; every area with those above it.
 *
 * It is made here, and not by the server, so that no word in it can differ from the screen. The server's own CSV is for
 * programs: `/api/coverage?f=csv`.
 */
import { type Figure, UNKNOWN } from "../api/figures";
import { areaText, classText } from "./legend";
import { markedCodes } from "./marked";
import { coverage, HOTSPOT_METRIC, hotspots, type Measured, measured, metric, SMOOTHED_METRIC, than } from "./measured";
import { type Metric, measureOf, metricOf, PERCENT } from "./metrics";
import { shortName } from "./names";
import { levels, task, words } from "./page";
import { depthOf, measuredLevel, pathTo } from "./places";
import { filled, levelName, metricName, roleName } from "./text";
import { figureText, missingText, percent } from "./values";

type Column = { head: string; code: string; cell(row: Measured): string };

/** Says that the bytes are UTF-8 to a spreadsheet, which would read them in the encoding of its country. */
const BYTE_ORDER_MARK = "\uFEFF";

export function csvOf(rows: readonly Measured[]): string {
  const columns = [
    ...areaColumns(),
    ...markColumns(),
    ...metricColumns(),
    ...(task.value === "hotspots" ? [...estimateColumns(), ...weekColumns()] : otherColumns()),
  ];
  const lines = [
    columns.map(({ head, code }) => `${head} [${code}]`),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  return BYTE_ORDER_MARK + lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** The areas above from the top down, then the area itself: names and codes. */
function areaColumns(): Column[] {
  const level = measuredLevel.value;
  const above = levels.value.slice(0, Math.max(0, depthOf(level)));
  const own = level === null ? words.value.area : levelName(level);
  const stepOf = (row: Measured, code: string) => pathTo(row.parent).find((step) => step.level === code);
  return [
    ...above.flatMap(({ code }): Column[] => [
      { head: levelName(code), code: `${code}_name`, cell: (row) => nameOf(stepOf(row, code)) },
      { head: codeHead(levelName(code)), code: `${code}_code`, cell: (row) => stepOf(row, code)?.code ?? "" },
    ]),
    { head: own, code: "name", cell: nameOf },
    { head: codeHead(own), code: "code", cell: ({ code }) => code },
  ];
}

/** The name as the page has it; an area without one has its code beside. */
function nameOf(area: { name: string | null } | undefined): string {
  return area?.name ? shortName(area.name) : "";
}

function codeHead(name: string): string {
  return `${name} ${words.value.code}`;
}

/** Which areas are marked; no column while none is. */
function markColumns(): Column[] {
  if (markedCodes.value.size === 0) return [];
  return [
    { head: words.value.csv_marked, code: "marked", cell: ({ code }) => (markedCodes.value.has(code) ? "1" : "") },
  ];
}

/** What is shown: the value as on the screen, its class, and the counts it is made of. */
function metricColumns(): Column[] {
  const { code } = metric.value;
  return [
    { head: metricName(metric.value), code, cell: areaText },
    { head: words.value.classing, code: "class", cell: classText },
    // One name for the same counts, whatever they are ranked by.
    ...countColumns(task.value === "hotspots" ? HOTSPOT_METRIC : metric.value, ({ figure }) => figure),
    ...(than.value
      ? [
          {
            head: words.value.csv_before,
            code: "before",
            cell: ({ before }: Measured) => plainCount(before?.numerator ?? null),
          },
        ]
      : []),
    ...(code === "lacking_roles"
      ? [
          {
            head: words.value.missing,
            code: "missing_roles",
            cell: (row: Measured) => row.missingRoles.map(roleName).join("; "),
          },
        ]
      : []),
  ];
}

function countColumns({ code }: Metric, figureOf: (row: Measured) => Figure): Column[] {
  const plain = (n: number | null, figure: Figure) => (n === null ? missingText(figure) : String(n));
  return (["numerator", "denominator"] as const).map((part) => ({
    head: words.value[`csv_${part}`],
    code: `${code}_${part}`,
    cell: (row) => plain(figureOf(row)[part], figureOf(row)),
  }));
}

/** The other figures of the same areas. */
function otherColumns(): Column[] {
  const rows = new Map((coverage.value.value?.rows ?? []).map((row) => [row.code, row.figures]));
  const codes = Object.keys(coverage.value.value?.rows[0]?.figures ?? {}).filter((code) => code !== metric.value.code);
  return codes.flatMap((code) => {
    const other = metricOf(code).code === code ? metricOf(code) : ({ code, unit: "flag", ramp: "fault" } as const);
    const figureOf = (row: Measured) => rows.get(row.code)?.[code] ?? UNKNOWN;
    const cell = (row: Measured) => figureText(other, measureOf(other, figureOf(row)), figureOf(row));
    return [{ head: metricName(other), code, cell }, ...countColumns(other, figureOf)];
  });
}

/** The rate as it is where the file is by something else, its interval, and its smoothed value; nothing where these are not given. */
function estimateColumns(): Column[] {
  const rows = measured.value ?? [];
  if (rows.every(({ estimate }) => estimate === null)) return [];
  const of = (part: "low" | "high" | "smoothed", head: string): Column => ({
    head,
    code: `incidents_${part}`,
    cell: ({ estimate, figure }) => figureText(HOTSPOT_METRIC, estimate?.[part] ?? null, figure),
  });
  const confidence = percent(rows.find(({ estimate }) => estimate)?.estimate?.confidence ?? 0, PERCENT);
  const { csv_low, csv_high } = words.value;
  const rate: Column = {
    head: metricName(HOTSPOT_METRIC),
    code: HOTSPOT_METRIC.code,
    cell: ({ figure }) => figureText(HOTSPOT_METRIC, measureOf(HOTSPOT_METRIC, figure), figure),
  };
  const all = [
    rate,
    of("low", filled(csv_low, { confidence })),
    of("high", filled(csv_high, { confidence })),
    of("smoothed", metricName(SMOOTHED_METRIC)),
  ];
  return all.filter(({ code }) => code !== metric.value.code);
}

/** How many there were in each week. */
function weekColumns(): Column[] {
  const { weeks = [], rows = [] } = hotspots.value.value ?? {};
  const byCode = new Map(rows.map((row) => [row.code, row.byWeek]));
  return weeks.map(({ week, from }, n) => ({
    head: from,
    code: week,
    cell: (row) => plainCount(byCode.get(row.code)?.[n] ?? null),
  }));
}

/** A count as programs read it. */
function plainCount(n: number | null): string {
  return n === null ? words.value.notShown : String(n);
}

/** RFC 4180. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
