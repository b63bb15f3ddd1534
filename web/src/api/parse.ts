/**
 * Reads JSON that came from outside: every reader gives the value in its type or throws a {@link Malformed} that says
 * where it was not so. The rest of the page never sees raw JSON.
 */

import type { components } from "./schema";

/** What the server sent is not what this page understands. */
export class Malformed extends Error {
  constructor(
    readonly where: string,
    readonly expected: string,
  ) {
    super(`${where} is not ${expected}`);
    this.name = "Malformed";
  }

  /** The same, told from one step farther out. */
  within(outer: string): Malformed {
    return new Malformed(this.where.startsWith("[") ? outer + this.where : `${outer}.${this.where}`, this.expected);
  }
}

type Described = components["schemas"];

/**
 * What the page reads of an answer: fields of a schema of the server's own description, by the page's names for them;
 * `Otherwise` are those that it reads in a way of its own. A field that is not described any more is a type error, and
 * one that is described otherwise does not fit its reader.
 */
export type Told<
  S extends keyof Described,
  F extends keyof Renamed<Described[S]>,
  Otherwise extends { [K in keyof Otherwise]: K extends keyof Renamed<Described[S]> ? unknown : never } = object,
> = Pick<Renamed<Described[S]>, F> & Otherwise;

/** A described type as it is read: `area_m2` is `areaM2`, and what may be left out is never missing. */
type Renamed<T> = T extends readonly (infer One)[]
  ? Renamed<One>[]
  : T extends object
    ? {
        [K in keyof T & string as Camel<K>]-?: undefined extends T[K]
          ? Absent<Renamed<NonNullable<T[K]>>>
          : Renamed<T[K]>;
      }
    : T;

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** A list that was left out is read as an empty one, a truth as false, anything else as `null`. */
type Absent<T> = T extends readonly unknown[] | boolean ? T : T | null;

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed(where, "an object");
  return value as Fields;
}

/**
 * Gives a value of its type, or throws; `where` is where it stands.
 *
 * A reader of texts is no reader of texts that may be absent: `of`, which no reader has, keeps the two apart.
 */
export type Reader<T> = ((value: unknown, where: string) => T) & { readonly of?: (value: T) => void };

/**
 * Reads an object, each field by its own reader. Fields are called as the API calls them, but for their case: `areaM2`
 * is read from `area_m2`. Others are left out.
 */
export function object<T extends object>(shape: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const names = Object.keys(shape) as (keyof T & string)[];
  const parts = names.map((name) => ({
    name,
    key: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    reader: shape[name],
  }));
  return (value, where) => {
    const from = fields(value, where);
    const read: Partial<T> = {};
    // Where a fault stands is put together only once there is one: there are thousands of fields in an answer.
    try {
      for (const { name, key, reader } of parts) read[name] = reader(from[key], key);
    } catch (error) {
      throw error instanceof Malformed ? error.within(where) : error;
    }
    return read as T;
  };
}

/** Reads a list, each item alike. */
export function listOf<T>(item: Reader<T>): Reader<T[]> {
  return (value, where) => list(value, where, item);
}

/** Reads an object of which every field is alike. */
export function mapOf<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (value, where) => {
    const from = Object.entries(fields(value, where));
    try {
      return Object.fromEntries(from.map(([name, one]) => [name, item(one, name)]));
    } catch (error) {
      throw error instanceof Malformed ? error.within(where) : error;
    }
  };
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
  return value.map((one: unknown, n) => {
    try {
      return item(one, `[${n}]`);
    } catch (error) {
      throw error instanceof Malformed ? error.within(where) : error;
    }
  });
}

export const text: Reader<string> = (value, where) => {
  if (typeof value !== "string") throw new Malformed(where, "a text");
  return value;
};

export const number: Reader<number> = (value, where) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Malformed(where, "a number");
  return value;
};

export const truth: Reader<boolean> = (value, where) => {
  if (typeof value !== "boolean") throw new Malformed(where, "true or false");
  return value;
};

/** Reads a value that may be absent: `null` and missing are the same. */
export function maybe<T>(value: unknown, where: string, read: Reader<T>): T | null {
  return value === null || value === undefined ? null : read(value, where);
}
