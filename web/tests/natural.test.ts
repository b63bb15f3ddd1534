// @vitest-environment node
/** Natural breaks against those of mapclassify (Fisher and Jenks), another hand's work in another language. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { naturalLimits } from "../src/state/classes";

vi.setConfig({ testTimeout: 300_000 });

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Made by tools/python.sh: without it this test fails, it is never left out. */
const PYTHON = here("../../target/python/bin/python3");

/** Numbers from 0 to 1, the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

type Column = { values: number[]; n: number; offset: number };

/** Columns as the page has them, counts, rates, and shares with many alike; every other one lies far from 0. */
function columns(n: number): Column[] {
  const next = random(20_240_811);
  const kinds = [
    () => Math.floor(next() * 300),
    () => Number((next() ** 3 * 5).toFixed(4)),
    () => Math.floor(next() * 8) / 8,
  ];
  return Array.from({ length: n }, (_, k) => {
    const kind = kinds[k % kinds.length] ?? next;
    const values = Array.from({ length: 8 + Math.floor(next() * 40) }, kind).sort((a, b) => a - b);
    return { values, n: Math.min(3 + (k % 4), new Set(values).size), offset: k % 2 === 0 ? 0 : 2 ** 20 };
  });
}

/** The sum of squares about the means of the classes that begin at `limits`. */
function cost(values: readonly number[], limits: readonly number[]): number {
  const parts = [Number.NEGATIVE_INFINITY, ...limits].map((from, n) =>
    values.filter((value) => value >= from && value < (limits[n] ?? Number.POSITIVE_INFINITY)),
  );
  return parts.reduce((sum, part) => {
    const mean = part.reduce((total, one) => total + one, 0) / part.length;
    return sum + part.reduce((total, one) => total + (one - mean) ** 2, 0);
  }, 0);
}

test("natural breaks of 1,000 columns part them as those of mapclassify do", () => {
  const asked = columns(1000);
  // Where 0 is changes no break. Theirs sums in single precision, so it gets the columns near 0, and ours those far off.
  const input = JSON.stringify(asked.map(({ values, n }) => [values, n]));
  const answer = execFileSync(PYTHON, [here("peers/natural_breaks.py")], { input, maxBuffer: 1e8 });
  const theirs = JSON.parse(answer.toString()) as number[][];
  expect(theirs).toHaveLength(asked.length);
  let nSame = 0;
  for (const [at, { values, n, offset }] of asked.entries()) {
    const far = values.map((value) => value + offset);
    const ours = naturalLimits(far, n);
    // Theirs are the greatest values of the classes, ours the least.
    const peer = (theirs[at] ?? []).slice(0, -1).map((to) => offset + (values.find((value) => value > to) ?? to));
    const [mine, other] = [cost(far, ours), cost(far, peer)];
    expect(ours, `column ${at}`).toHaveLength(n - 1);
    expect(mine, `column ${at}`).toBeLessThanOrEqual(other * (1 + 1e-6) + 1e-6);
    expect(other, `column ${at}`).toBeLessThanOrEqual(mine * (1 + 1e-4) + 1e-6);
    if (String(ours) === String(peer)) nSame++;
  }
  // The others have two divisions that are equally good.
  expect(nSame).toBeGreaterThan(950);
});
