import { effect, signal } from "@preact/signals";
import { palettes, properties, type Theme } from "./palette";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Light or dark, as the reader's system has it. */
export const theme = signal<Theme>(dark.matches ? "dark" : "light");

dark.addEventListener("change", () => {
  theme.value = dark.matches ? "dark" : "light";
});

effect(() => {
  for (const [name, value] of properties(palettes[theme.value]))
    document.documentElement.style.setProperty(name, value);
});
