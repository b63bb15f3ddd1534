// @vitest-environment node
import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { watch } from "../src/state/watch";

vi.setConfig({ testTimeout: 60_000 });

const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

test("what follows a change may change what it follows, and is told of that once more", async () => {
  const [at, seen] = [signal(0), [] as number[]];
  const stop = watch(
    () => at.value,
    (now) => {
      seen.push(now);
      if (now > 0 && now < 200) at.value = now + 1;
    },
  );
  await settled();
  at.value = 1;
  await vi.waitFor(() => expect(seen.at(-1)).toBe(200));
  expect(seen).toEqual(Array.from({ length: 201 }, (_, n) => n));
  stop();
  at.value = 7;
  await settled();
  expect(seen.at(-1)).toBe(200);
});

test("several changes at once are followed once, by what holds then", async () => {
  const [at, seen] = [signal(0), [] as number[]];
  watch(
    () => at.value,
    (now) => void seen.push(now),
  );
  at.value = 1;
  at.value = 2;
  await settled();
  at.value = 2;
  await settled();
  expect(seen).toEqual([2]);
});

/** How many effects run now, while the page's state is followed as it is in a browser. */
const running = vi.hoisted(() => ({ n: 0, written: [] as string[] }));

vi.mock("@preact/signals", async (original) => {
  const real = await original<typeof import("@preact/signals")>();
  class Noted<T> extends real.Signal<T> {
    override get value(): T {
      return super.value;
    }
    override set value(value: T) {
      if (running.n > 0) running.written.push(`${new Error("written within an effect").stack}`);
      super.value = value;
    }
  }
  const effect = (run: () => void) =>
    real.effect(() => {
      running.n++;
      try {
        run();
      } finally {
        running.n--;
      }
    });
  return { ...real, effect, signal: <T>(value: T) => new Noted(value) };
});

test("no signal is written within an effect, whatever the page's state goes through", async () => {
  vi.stubGlobal("location", { search: "", pathname: "/", href: "http://here/", origin: "http://here" });
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  const addEventListener = () => undefined;
  vi.stubGlobal("document", { documentElement: {}, visibilityState: "visible", addEventListener });
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("navigator", { language: "zh" });
  vi.stubGlobal("addEventListener", addEventListener);
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 404 }));
  const page = await import("../src/state/page");
  const [answer, measured, places, play, tiles, basemaps] = await Promise.all([
    import("../src/state/answer"),
    import("../src/state/measured"),
    import("../src/state/places"),
    import("../src/state/play"),
    import("../src/state/tiles"),
    import("../src/state/basemaps"),
  ]);
  page.start();
  places.followPlace();
  measured.followMeasures();
  answer.followAnswer();
  play.followPlaying();
  basemaps.followBasemaps();
  tiles.followTiles();
  page.detailed.value = true;
  for (const task of ["hotspots", "locate", "coverage"] as const) {
    page.show({ task, place: task, level: task });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  answer.askThere(0, 0, "wgs84");
  play.playing.value = true;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(running.written).toEqual([]);
});
