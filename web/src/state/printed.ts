/** The key of an event as it is printed, or `null` while an input method composes. */
export function printed(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">,
): string | null {
  const { key, ctrlKey, metaKey, altKey, isComposing } = event;
  if (isComposing || key === "Process" || key === "Unidentified" || altKey) return null;
  const name = key === "Escape" ? "Esc" : key === "=" ? "+" : key.length === 1 ? key.toUpperCase() : key;
  return ctrlKey || metaKey ? `Ctrl+${name}` : name;
}
