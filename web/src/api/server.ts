/** What every answer says of the server itself: its clock and its version. */

let aheadMs = 0;
let version: string | null = null;
let changed: () => void = () => undefined;

/** By how many milliseconds the server's clock is ahead of this device's. */
export function serverAhead(): number {
  return aheadMs;
}

/** Calls `listener` when answers come from another version of the server than the first one did. */
export function onNewServer(listener: () => void): void {
  changed = listener;
}

/** Reads the head of an answer that just came. */
export function note({ headers }: Pick<Response, "headers">): void {
  const date = Date.parse(headers.get("date") ?? "");
  if (!Number.isNaN(date)) aheadMs = date - Date.now();
  const now = headers.get("server");
  if (!now?.startsWith("gridmap/")) return;
  const before = version;
  version = now;
  if (before !== null && before !== now) changed();
}
