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

/** Gives a value of its type, or throws; `where` is where it stands. */
export type Reader<T> = (value: unknown, where: string) => T;

/**
 * Reads an object, each field by its own reader. Fields are called as the API calls them, but for their case: `areaM2`
 * is read from `area_m2`. Others are left out.
 */
export function object<T extends object>(shape: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const names = Object.keys(shape) as (keyof T & string)[];
  const keys = names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return (value, where) => {
    const from = fields(value, where);
    const read: Partial<T> = {};
    names.forEach((name, n) => {
      const key = keys[n] ?? name;
      read[name] = shape[name](from[key], `${where}.${key}`);
    });
    return read as T;
  };
}

/** Reads a list, each item alike. */
export function listOf<T>(item: Reader<T>): Reader<T[]> {
  return (value, where) => list(value, where, item);
}

/** Reads an object of which every field is alike. */
export function mapOf<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (value, where) =>
    Object.fromEntries(
      Object.entries(fields(value, where)).map(([name, one]) => [name, item(one, `${where}.${name}`)]),
    );
}

/** Reads what may be absent, and then is `otherwise`. */
export function orElse<T>(read: Reader<T>, otherwise: T): Reader<T> {
  return (value, where) => maybe(value, where, read) ?? otherwise;
}

/** Reads what may be absent. */
export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value, where) => maybe(value, where, read);
}

export function list<T>(value: unknown, where: string, item: Reader<T>): T[] {
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
export function maybe<T>(value: unknown, where: string, read: Reader<T>): T | null {
  return value === null || value === undefined ? null : read(value, where);
}
