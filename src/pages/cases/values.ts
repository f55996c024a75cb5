import { isDay } from '../../model/day.ts';
import { isUuid } from '../../model/uuid.ts';
import { visibleLine } from '../../model/visible-text.ts';

/** A kind of parameter: `read` gives undefined for a wrong value, `expected` says in words which values are right. */
export type Kind<T> = { read: (text: string) => T | undefined; expected: string };

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[]): Kind<T> {
  return { read: (text) => words.find((word) => word === text), expected: `one of ${words.join(', ')}` };
}

/** Any text that Postgres can hold, without spaces around it. */
export function textUpTo(length: number): Kind<string> {
  return {
    read: (text) => (text.length <= length && !text.includes('\0') ? text.trim() : undefined),
    expected: `a text of at most ${length} characters, none of them NUL`,
  };
}

/** A day of the calendar, such as 2026-11-03. */
export const day: Kind<string> = {
  read: (text) => (isDay(text) ? text : undefined),
  expected: 'a day, written as 2026-11-03',
};

/** A count of hours, up to a century. */
export const hours: Kind<number> = {
  read: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
  expected: 'a whole number of hours',
};

export const uuid: Kind<string> = {
  read: (text) => (isUuid(text) ? text.toLowerCase() : undefined),
  expected: 'the id of a case',
};

/** Sentences about wrong parameters; a page with thousands of them helps nobody. */
const MOST_PROBLEMS = 10;

/** Reads the parameters of an address, and notes in words those that are wrong, repeated or unknown. */
export class ParameterReader {
  readonly #problems: string[] = [];
  readonly #parameters: URLSearchParams;
  readonly #known = new Set<string>();

  constructor(parameters: URLSearchParams) {
    this.#parameters = parameters;
  }

  get problems(): readonly string[] {
    const more = this.#problems.length - MOST_PROBLEMS;
    return more <= 0
      ? this.#problems
      : [...this.#problems.slice(0, MOST_PROBLEMS), `${more} more parameters are wrong.`];
  }

  /** The value of a parameter that is given once; null if it is not given, empty or wrong. */
  one<T>(name: string, kind: Kind<T>): T | null {
    const values = this.many(name, kind);
    if (values.length > 1) this.#problems.push(`${name} was given more than once. Only the first value is used.`);
    return values[0] ?? null;
  }

  /** The values of a parameter that may repeat, each once. */
  many<T>(name: string, { read, expected }: Kind<T>, most = 20): readonly T[] {
    this.#known.add(name);
    const values = new Set<T>();
    for (const text of this.#parameters.getAll(name).filter((given) => given.trim() !== '')) {
      const value = read(text);
      if (value === undefined) this.#problems.push(`${name} “${shortened(text)}” is left out: it must be ${expected}.`);
      else values.add(value);
    }
    if (values.size > most) this.#problems.push(`Only the first ${most} values of ${name} are used.`);
    return [...values].slice(0, most);
  }

  /** Notes every parameter that was neither read nor is among `others`. */
  noteUnknown(others: readonly string[]): void {
    for (const name of new Set(this.#parameters.keys())) {
      if (this.#known.has(name) || others.includes(name)) continue;
      this.#problems.push(`There is no filter “${shortened(name)}”; it is left out.`);
    }
  }
}

const MOST_SHOWN = 60;

function shortened(text: string): string {
  const line = visibleLine(text);
  return line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN)}…`;
}
