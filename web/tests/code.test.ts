// @vitest-environment node
import { beforeEach, expect, test, vi } from "vitest";

/** A part that the browser will not fetch again. */
const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

const kept = new Map<string, string>();
const reload = vi.fn();
const server = { answers: [] as boolean[] };

/** The page as it is after a start, with what the tab has kept. */
async function start() {
  vi.resetModules();
  return (await import("../src/api/code")).load;
}

beforeEach(() => {
  vi.useFakeTimers();
  kept.clear();
  reload.mockClear();
  server.answers = [];
  vi.stubGlobal("location", { href: "http://127.0.0.1/?level=grid", reload });
  vi.stubGlobal("document", { activeElement: null });
  vi.stubGlobal("HTMLInputElement", class {});
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal("fetch", async () => {
    if (server.answers.shift() === false) throw new TypeError("Failed to fetch");
    return new Response("<!doctype html>");
  });
});

test("several parts that do not come at once begin the page anew once, and none is a fault", async () => {
  const load = await start();
  const thrown = vi.fn();
  for (let n = 0; n < 3; n++) load(missing).catch(thrown);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledTimes(1);
  expect(thrown).not.toHaveBeenCalled();
});

test("a part that does not come from a server that answers is a fault the second time", async () => {
  void (await start())(missing);
  await vi.advanceTimersByTimeAsync(5000);
  const again = expect((await start())(missing)).rejects.toThrow(TypeError);
  await vi.advanceTimersByTimeAsync(5000);
  await again;
  expect(reload).toHaveBeenCalledTimes(1);
});

test("a second outage begins the page anew however soon it is", async () => {
  void (await start())(missing);
  await vi.advanceTimersByTimeAsync(5000);
  server.answers = [false, false];
  void (await start())(missing);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

test("what is thrown by a part itself stays a fault", async () => {
  const load = await start();
  await expect(load(() => Promise.reject(new RangeError("its own")))).rejects.toThrow("its own");
  expect(reload).not.toHaveBeenCalled();
});

test("what was asked before has two seconds to be answered, so that the address has it", async () => {
  void (await start())(missing);
  await vi.advanceTimersByTimeAsync(1900);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(reload).toHaveBeenCalledTimes(1);
});
