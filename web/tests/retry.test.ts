// @vitest-environment node
import { beforeEach, expect, test, vi } from "vitest";
import { Trouble, troubleOf } from "../src/api/trouble";

const AWAY = new Trouble("away");

/** A server that is away at first, and one policy that has met no failure yet. */
async function begin() {
  vi.resetModules();
  const retry = await import("../src/api/retry");
  const { Trouble: Fresh } = await import("../src/api/trouble");
  const server = { isAway: true, asked: [] as string[], heard: [] as (string | null)[] };
  retry.onOutage((trouble) => server.heard.push(trouble?.kind ?? null));
  const ask = (name: string, signal = new AbortController().signal) =>
    retry.persist(async () => {
      server.asked.push(name);
      if (server.isAway) throw new Fresh("away");
      return name;
    }, signal);
  return { ...retry, Fresh, server, ask };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
});

test("pauses double up to four seconds, and one question asks for all meanwhile", async () => {
  const { ask, server } = await begin();
  void ask("a");
  void ask("b");
  const at: number[] = [];
  for (let ms = 0; ms < 16_000; ms += 100) {
    const n = server.asked.length;
    await vi.advanceTimersByTimeAsync(100);
    for (let k = n; k < server.asked.length; k++) at.push(ms + 100);
  }
  expect(at).toEqual([500, 1500, 3500, 7500, 11_500, 15_500]);
  expect(server.asked).toEqual(["a", "b", "a", "b", "a", "b", "a", "b"]);
});

test("when one is answered all others ask at once, and the outage is over", async () => {
  const { ask, server } = await begin();
  const all = Promise.all(["a", "b", "c"].map((name) => ask(name)));
  await vi.advanceTimersByTimeAsync(10_000);
  server.isAway = false;
  server.asked.length = 0;
  await vi.advanceTimersByTimeAsync(4000);
  expect(await all).toEqual(["a", "b", "c"]);
  expect(server.asked.toSorted()).toEqual(["a", "b", "c"]);
  expect(server.heard.at(0)).toBe("away");
  expect(server.heard.at(-1)).toBe(null);
});

test("back online all ask at once", async () => {
  const { ask, askAllAgain, server } = await begin();
  void ask("a");
  void ask("b");
  await vi.advanceTimersByTimeAsync(20_000);
  server.asked.length = 0;
  askAllAgain();
  await vi.advanceTimersByTimeAsync(0);
  expect(server.asked.toSorted()).toEqual(["a", "b"]);
});

test("what is refused, and a fault of the page's own, are not asked again", async () => {
  const { persist, Fresh, server } = await begin();
  for (const error of [new Fresh("refused", "no"), new TypeError("a bug")]) {
    let n = 0;
    const asked = persist(async () => {
      n++;
      throw error;
    }, new AbortController().signal);
    await expect(asked).rejects.toBe(error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(n).toBe(1);
  }
  expect(server.heard).toEqual([]);
});

test("what is given up is not asked again, nor told of", async () => {
  const { ask, server } = await begin();
  const asking = new AbortController();
  const asked = ask("a", asking.signal);
  const ended = expect(asked).rejects.toMatchObject({ name: "AbortError" });
  await vi.advanceTimersByTimeAsync(100);
  asking.abort();
  await ended;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.asked).toEqual(["a"]);
  expect(server.heard.at(-1)).toBe(null);
});

test("a server that asks for rest has it", async () => {
  const { persist, Fresh } = await begin();
  let n = 0;
  void persist(async () => {
    n++;
    throw new Fresh("away", null, undefined, 7000);
  }, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(6900);
  expect(n).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(n).toBe(2);
});

test("an exception of the page's own is said to be that, and is in the console", () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const bug = new Error("Cycle detected");
  expect(troubleOf(bug).kind).toBe("broken");
  expect(said).toHaveBeenCalledWith(bug);
  expect(troubleOf(AWAY)).toBe(AWAY);
});
