/** Takes what is shown elsewhere: a link, a picture, a table. */
import { signal } from "@preact/signals";
import type { Dictionary } from "../i18n/en";

/** A short word about what was just done, for a moment. */
export const notice = signal<(keyof Dictionary & `said_${string}`) | null>(null);

const NOTICE_MS = 2500;
let timer = 0;

export function say(word: NonNullable<typeof notice.value>): void {
  notice.value = word;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    notice.value = null;
  }, NOTICE_MS);
}

export async function copy(text: string, done: NonNullable<typeof notice.value>): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say("said_notCopied");
  }
}

/** Copies a link to exactly what is shown. */
export function share(): Promise<void> {
  return copy(location.href, "said_link");
}

/** Hands a file to the reader. */
export function download(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
