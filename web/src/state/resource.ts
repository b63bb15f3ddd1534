import { type Signal, signal } from "@preact/signals";
import { persist } from "../api/retry";
import { type Trouble, troubleOf } from "../api/trouble";

/** Something asked of the server. A value stays while a newer one is on its way or failed to come; what may come is asked for again. */
export type Loaded<T> = {
  status: "idle" | "loading" | "ready" | "failed";
  value: T | null;
  trouble: Trouble | null;
};

/** Tells whether an answer is here, or will not come. */
export function isSettled({ status }: Pick<Loaded<unknown>, "status">): boolean {
  return status === "ready" || status === "failed";
}

export type Resource<T> = {
  readonly value: Loaded<T>;
  /** The same, without being told of changes. */
  peek(): Loaded<T>;
  /** Asks; an earlier question that is still out is given up. */
  load(ask: (signal: AbortSignal) => Promise<T>): void;
  clear(): void;
};

export function resource<T>(): Resource<T> {
  const state: Signal<Loaded<T>> = signal({ status: "idle", value: null, trouble: null });
  let current: AbortController | null = null;

  async function run(ask: (signal: AbortSignal) => Promise<T>, controller: AbortController): Promise<void> {
    const { signal } = controller;
    const fail = (trouble: Trouble) => {
      if (current === controller) state.value = { ...state.peek(), status: "failed", trouble };
    };
    const come = (value: T) => {
      if (current === controller) state.value = { status: "ready", value, trouble: null };
    };
    await persist(() => ask(signal), signal, fail).then(come, (error: unknown) => {
      if (current === controller) fail(troubleOf(error));
    });
  }

  return {
    get value() {
      return state.value;
    },
    peek: () => state.peek(),
    load(ask) {
      current?.abort();
      current = new AbortController();
      state.value = { ...state.peek(), status: "loading", trouble: null };
      void run(ask, current);
    },
    clear() {
      current?.abort();
      current = null;
      state.value = { status: "idle", value: null, trouble: null };
    },
  };
}
