import { computed, effect, signal } from "@preact/signals";
import { view } from "./page";
import { palettes, properties } from "./palette";
import type { Theme } from "./url";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** As the reader's system has it. */
const system = signal<Theme>(dark.matches ? "dark" : "light");

dark.addEventListener("change", () => {
  system.value = dark.matches ? "dark" : "light";
});

/** Whether the page is being printed. */
export const onPaper = signal(false);

/** Light or dark: the reader's choice, else as the system has it. Paper is light. */
export const theme = computed<Theme>(() => (onPaper.value ? "light" : (view.value.theme ?? system.value)));

effect(() => {
  const root = document.documentElement;
  root.dataset.theme = theme.value;
  for (const [name, value] of properties(palettes[theme.value])) root.style.setProperty(name, value);
});
