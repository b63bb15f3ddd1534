/** How names and numbers are written, in the language of the page. */
import type { Frame, GridName } from "../api/locate";
import type { Names } from "../api/region";
import type { Dictionary } from "../i18n/en";
import { CLOSED_AT, type Metric } from "./metrics";
import { labelOf, shortName } from "./names";
import { language, region, words } from "./page";

/** A name in the language of the page. */
export function named(names: Names): string {
  const name = names[language.value];
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The name of several: English adds its ending, Chinese has none. */
export function plural(names: Names): string {
  return language.value === "zh" ? named(names) : named(names).replace(/y$/, "ie").concat("s");
}

function levelNames(code: string): Names | null {
  return region.value.value?.levels.find((one) => one.code === code)?.names ?? null;
}

/** The name of a level by its code; the code itself when the region does not know it. */
export function levelName(code: string): string {
  const names = levelNames(code);
  return names ? named(names) : code;
}

export function levelsName(code: string): string {
  const names = levelNames(code);
  return names ? plural(names).toLowerCase() : code;
}

export function roleName(code: string): string {
  const role = region.value.value?.roles.find((one) => one.code === code);
  return role ? named(role.names) : code;
}

/** Roles one after another, within a sentence. */
export function rolesText(codes: readonly string[]): string {
  return codes.map((code) => roleName(code).toLowerCase()).join(words.value.comma);
}

/** What incidents of a kind are called. */
export function kindName(kind: string): string {
  return word(`kind_${kind}`) ?? kind;
}

export function metricName({ code }: Pick<Metric, "code">): string {
  if (code.startsWith(CLOSED_AT)) return `${words.value.metric_closed_one} ${levelName(code.slice(CLOSED_AT.length))}`;
  return word(`metric_${code}`) ?? code;
}

/** A word of the dictionary by a key that was put together. */
function word(key: string): string | null {
  return key in words.value ? words.value[key as keyof Dictionary] : null;
}

/** What an area is called; one without a name by its level and number in the area above, or by its code where that one is not known. */
export function areaName(
  { name, code, parent = null }: { name: string | null; code: string; parent?: string | null },
  level: string | null,
): string {
  if (name !== null) return shortName(name);
  return level === null ? code : `${levelName(level)} ${labelOf({ name, code, parent }, null)}`;
}

/**
 * A number with so many decimals and its thousands apart, as `Intl` writes it in English. The first format of `Intl` takes
 * 15 ms, amid the first view.
 */
export function fixed(value: number, decimals: number): string {
  const [whole = "", fraction] = value.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number with its thousands apart, and two decimals at most. */
export function count(value: number): string {
  return fixed(value, 2).replace(/\.?0+$/, "");
}

/** The first and the last day of a span. */
export function rangeText({ from, to }: { from: string; to: string }): string {
  return `${from} – ${to}`;
}

/** A day within a year that is known: 7月29日 in Chinese, else as ISO 8601 writes it. */
export function dayText(day: string): string {
  const [, month, date] = day.split("-").map(Number);
  return language.value === "zh" ? `${month}月${date}日` : day;
}

/** Square metres as people say them. */
export function ground(m2: number): string {
  return m2 >= 100_000 ? `${count(Number((m2 / 1e6).toPrecision(4)))} km²` : `${count(Math.round(m2))} m²`;
}

/** Metres as people say them: 34 m, 1.5 km. */
export function metres(value: number): string {
  const { metre, kilometre } = words.value;
  if (value < 10) return `${value.toFixed(1)} ${metre}`;
  if (value < 1000) return `${Math.round(value)} ${metre}`;
  return `${(value / 1000).toFixed(1)} ${kilometre}`;
}

/** A name before what it is of. */
export function labelled(label: string, text: string): string {
  return label + words.value.colon + text;
}

/** Puts values into a sentence of the dictionary: `{n}` stands for the value called n. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A frame of coordinates, by those who use it. */
export function frameName(frame: Frame): string {
  return words.value[`frame_${frame}`];
}

/** What a grid is called; one without a name by its level and number within the grid that holds it. */
export function gridText(grid: GridName, above: readonly GridName[] = []): string {
  if (grid.name !== null) return shortName(grid.name);
  const parent = above.at(-1);
  const number = labelOf({ ...grid, parent: parent?.code ?? null }, null);
  return parent ? `${gridText(parent)} ${levelName(grid.level)} ${number}` : `${levelName(grid.level)} ${grid.code}`;
}
