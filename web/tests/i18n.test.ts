import { expect, test } from "vitest";
import { en } from "../src/i18n/en";
import { TERM_NAMES } from "../src/i18n/terms";
import { termsEn } from "../src/i18n/terms.en";
import { termsZh } from "../src/i18n/terms.zh";
import { zh } from "../src/i18n/zh";
import { CHANGE_METRIC } from "../src/state/change";
import { METRICS } from "../src/state/metrics";

test("both dictionaries have the same words, and none is empty", () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const words of [en, zh]) {
    for (const [key, word] of Object.entries(words)) expect(word.trim(), key).not.toBe("");
  }
});

/** Words that were two for one thing, or of no field. */
const LEFT_BEHIND = {
  en: [
    /\breports?\b/i,
    /\btold\b/i,
    /\bground\b/i,
    /\brungs?\b/i,
    /\bsettled\b/i,
    /\banswers for\b/i,
    /\bhouseholds?\b/i,
    /\bwho answers\b/i,
    /\bunrest\b/i,
    /\bheat surface\b/i,
    /\bdrawn as\b/i,
    /\btake along\b/i,
    /\blook into\b/i,
    /\bshow everything\b/i,
  ],
  zh: [
    /地面/,
    /件受理/,
    /起受理/,
    /修订/,
    /版次/,
    /兜底/,
    /不稳定/,
    /基数/,
    /等量|等距/,
    /缺必备人员/,
    /没有编码为此的区域/,
  ],
};

test("one thing has one word, and words that were left behind do not come back", () => {
  for (const [language, words] of Object.entries({ en, zh })) {
    for (const [key, word] of Object.entries(words)) {
      for (const old of LEFT_BEHIND[language as "en" | "zh"]) expect(word, key).not.toMatch(old);
    }
  }
});

test("Chinese has Chinese marks between its characters", () => {
  for (const [key, word] of Object.entries(zh)) {
    expect(word, key).not.toMatch(/\p{Script=Han}[:,;?!.]|[:,;?!.]\p{Script=Han}/u);
  }
});

test("every metric is explained, those too by which hotspots are ranked and compared", () => {
  const ranked = ["incident_count", "incidents_smoothed", "week", "closed"];
  for (const code of [...METRICS.map((one) => one.code), CHANGE_METRIC.code, ...ranked]) {
    expect(Object.keys(TERM_NAMES)).toContain(code);
  }
});

test("a figure is explained with what is counted and out of what, in both languages", () => {
  for (const terms of [termsEn, termsZh]) {
    for (const [name, { is, part, of }] of Object.entries(terms)) {
      expect(is.length, name).toBeGreaterThan(4);
      expect(part === undefined, name).toBe(of === undefined);
    }
  }
  for (const [name, { part }] of Object.entries(termsEn)) {
    expect(part === undefined, name).toBe(termsZh[name as keyof typeof termsZh].part === undefined);
  }
});
