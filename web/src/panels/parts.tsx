import type { ComponentChildren } from "preact";
import type { Names } from "../api/region";
import { language, region, words } from "../state/page";
import type { Loaded } from "../state/resource";

/** A name in the language of the page. */
export function named(names: Names): string {
  const name = names[language.value];
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The name of several: English adds its ending, Chinese has none. */
export function plural(names: Names): string {
  return language.value === "zh" ? named(names) : named(names).replace(/y$/, "ie").concat("s");
}

/** The name of a level or role by its code; the code itself when the region does not know it. */
export function levelName(code: string): string {
  const level = region.value.value?.levels.find((one) => one.code === code);
  return level ? named(level.names) : code;
}

export function roleName(code: string): string {
  const role = region.value.value?.roles.find((one) => one.code === code);
  return role ? named(role.names) : code;
}

/** What incidents of a kind are called. */
export function kindName(kind: string): string {
  const known = { dispute: "disputes", hazard: "hazards", unrest: "unrest", request: "requests" } as const;
  return kind in known ? words.value[known[kind as keyof typeof known]] : kind;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Metres as people say them: 34 m, 1.5 km. */
export function metres(value: number): string {
  if (value < 10) return `${value.toFixed(1)} m`;
  if (value < 1000) return `${Math.round(value)} m`;
  return `${(value / 1000).toFixed(1)} km`;
}

/** What is wrong, in a sentence, and a way to try again. */
export function TroubleNote({ of, retry }: { of: Loaded<unknown>; retry: () => void }) {
  if (of.status !== "failed" || !of.trouble) return null;
  return (
    <div class="trouble" role="alert">
      <p>{words.value[of.trouble.kind]}</p>
      {of.trouble.detail !== null && <p class="detail">{of.trouble.detail}</p>}
      <button type="button" class="plain" onClick={retry}>
        {words.value.retry}
      </button>
    </div>
  );
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** A quiet sign that something is on its way. */
export function Waiting() {
  return (
    <p class="waiting" role="status">
      <span class="dots" aria-hidden="true" />
      {words.value.loading}
    </p>
  );
}
