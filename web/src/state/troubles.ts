/** What went wrong, in the reader's language: the server says it by codes and parameters. */
import { dayIn } from "../api/region";
import type { Trouble } from "../api/trouble";
import type { Dictionary } from "../i18n/en";
import { language, region, words } from "./page";
import { filled } from "./text";

/** One sentence for it. */
export function troubleText({ kind, problem: { code, earliest } }: Trouble): string {
  if (kind !== "refused" || code === null) return words.value[kind];
  if (earliest !== null) {
    return filled(words.value.problem_before, { day: dayIn(earliest, region.value.value?.utcOffset ?? "+00:00") });
  }
  const key: keyof Dictionary = `problem_${code}`;
  return words.value[key] ?? words.value[kind];
}

/** What else is known: names of the API, and the server's own sentence for those who read its language. */
export function troubleDetail({ detail, problem: { at, earliest } }: Trouble): string {
  const said = language.value === "en" && earliest === null ? detail : null;
  return [at.join(", "), said ?? ""].filter((part) => part !== "").join(" · ");
}

/** Whether it is no fault of anybody's: there is just nothing of that time. */
export function isNoFault({ problem }: Trouble): boolean {
  return problem.code === "no-ground-then";
}
