import { expect, test } from "vitest";
import { classify, classOf } from "../src/state/classes";

test("classes cover every value once, with round limits", () => {
  const values = Array.from({ length: 770 }, (_, n) => 3 + ((n * 37) % 287));
  const classes = classify(values);
  expect(classes.classes).toHaveLength(5);
  expect(classes.classes.reduce((sum, one) => sum + one.nAreas, 0)).toBe(770);
  expect(classes.classes[0]?.from).toBe(3);
  expect(classes.classes.at(-1)?.to).toBe(289);
  classes.classes.slice(1).forEach(({ from }, n) => {
    expect(from % 5).toBe(0);
    expect(from).toBe((classes.classes[n]?.to ?? 0) + 1);
  });
  for (const value of values) {
    const { from, to } = classes.classes[Number(classOf(value, classes))] ?? { from: 0, to: 0 };
    expect(value >= from && value <= to).toBe(true);
  }
});

test("zero is none and unknown is neither", () => {
  const classes = classify([0, 0, null, 7]);
  expect(classes).toEqual({ nNone: 2, nUnknown: 1, classes: [{ from: 7, to: 7, nAreas: 1 }] });
  expect([0, null, 7].map((value) => classOf(value, classes))).toEqual(["none", null, 0]);
});

test.each([
  [[], 0],
  [[0, 0], 0],
  [[50_000], 1],
  [[5, 5, 5, 5, 5, 5], 1],
  [[1, 2], 2],
])("few areas make few classes: %j", (values, nClasses) => {
  expect(classify(values).classes).toHaveLength(nClasses);
});
