import { expect, test } from "vitest";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";

test("both dictionaries have the same words, and none is empty", () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const words of [en, zh]) {
    for (const [key, word] of Object.entries(words)) expect(word.trim(), key).not.toBe("");
  }
});
