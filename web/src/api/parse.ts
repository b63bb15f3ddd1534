/**
 * Reads JSON that came from outside: every reader gives the value in its type or throws a {@link Malformed} that says
 * where it was not so. The rest of the page never sees raw JSON.
 */

/** What the server sent is not what this page understands. */
export class Malformed extends Error {
  constructor(where: string, expected: string) {
    super(`${where} is not ${expected}`);
    this.name = "Malformed";
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed(where, "an object");
  return value as Fields;
}

export function list<T>(value: unknown, where: string, item: (value: unknown, where: string) => T): T[] {
  if (!Array.isArray(value)) throw new Malformed(where, "a list");
  return value.map((one: unknown, n) => item(one, `${where}[${n}]`));
}

export function text(value: unknown, where: string): string {
  if (typeof value !== "string") throw new Malformed(where, "a text");
  return value;
}

export function number(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Malformed(where, "a number");
  return value;
}

export function truth(value: unknown, where: string): boolean {
  if (typeof value !== "boolean") throw new Malformed(where, "true or false");
  return value;
}

/** Reads a value that may be absent: `null` and missing are the same. */
export function maybe<T>(value: unknown, where: string, read: (value: unknown, where: string) => T): T | null {
  return value === null || value === undefined ? null : read(value, where);
}
