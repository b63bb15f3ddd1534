// @vitest-environment node
import { expect, test } from "vitest";
import { printed } from "../src/state/printed";

const event = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...more,
});

test.each([
  ["k", { ctrlKey: true }, "Ctrl+K"],
  ["k", { metaKey: true }, "Ctrl+K"],
  ["?", {}, "?"],
  ["s", {}, "S"],
  ["=", {}, "+"],
  ["Escape", {}, "Esc"],
  ["s", { isComposing: true }, null],
  ["Process", {}, null],
  ["s", { altKey: true }, null],
])("%s with %j is printed as %s", (key, more, expected) => {
  expect(printed(event(key, more))).toBe(expected);
});
