// Values of every documented field that are as documented, and values that are not: generated from the schema.
import { caseFields, type Documented, eventFields, isList, type Scalar } from '../../src/dintero/cases/schema.ts';
import { ID } from './list-item.ts';

type Wrong = { value: unknown; reason: string };
export type WrongField = Wrong & {
  /** Keys from the item to the value; an event and an element of a list is the first. */
  keys: readonly (string | number)[];
  /** The path of the problem. */
  path: string;
};

const RIGHT: Record<Scalar, unknown> = {
  string: 'some text',
  status: 'ACTIVE',
  boolean: true,
  'date-time': '2026-03-01T10:00:00.123456Z',
};

const TYPES = [
  ['a number', 17],
  ['a boolean', false],
  ['a string', 'Kari Nordmann'],
  ['an array', ['Kari Nordmann']],
  ['an object', { name: 'Kari Nordmann' }],
] as const;

const TIME = 'an RFC 3339 date-time';

/** An item with all documented fields, and one event with id 1. With `text`, every field that is text has it. */
export function wholeItem(id = ID, text: string | null = null): Record<string, unknown> {
  const values = text === null ? RIGHT : { ...RIGHT, string: text, status: text };
  const event = { id: 1, ...object(rightOf(eventFields, values)) };
  return { id, ...object(rightOf(caseFields, values)), events: [event] };
}

/** Every documented field with every kind of wrong value. */
export function wrongFields(): WrongField[] {
  const ofEvent = wrongOf(eventFields, ['events', 0], 'events[id=1]');
  // The objects themselves are the identity.
  return [...wrongOf(caseFields, [], ''), ...ofEvent].filter(({ path }) => path !== '' && path !== 'events[id=1]');
}

/** The item with another value at these keys. */
export function withValue(item: Record<string, unknown>, { keys, value }: Pick<WrongField, 'keys' | 'value'>) {
  const copy = structuredClone(item);
  let parent: Record<string | number, unknown> = copy;
  for (const key of keys.slice(0, -1)) parent = object(parent[key]);
  parent[keys.at(-1) ?? ''] = value;
  return copy;
}

/** The value at these keys. */
export function valueAt(item: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce((value, key) => object(value)[key], item);
}

function rightOf(documented: Documented, values: Record<Scalar, unknown>): unknown {
  if (typeof documented === 'string') return values[documented];
  if (isList(documented)) return [rightOf(documented[0], values)];
  return Object.fromEntries(Object.entries(documented).map(([name, field]) => [name, rightOf(field, values)]));
}

function wrongOf(documented: Documented, keys: WrongField['keys'], path: string): WrongField[] {
  const here = wrongValues(documented).map((wrong) => ({ ...wrong, keys, path }));
  if (typeof documented === 'string') return here;
  if (isList(documented)) {
    const noElement = { value: null, reason: `expected ${nameOf(documented[0])}, found null` };
    const elements = wrongOf(documented[0], [...keys, 0], `${path}[0]`);
    return [...here, ...elements, { ...noElement, keys: [...keys, 0], path: `${path}[0]` }];
  }
  const fields = Object.entries(documented).flatMap(([name, field]) =>
    wrongOf(field, [...keys, name], path === '' ? name : `${path}.${name}`),
  );
  return [...here, ...fields];
}

function wrongValues(documented: Documented): Wrong[] {
  const expected = nameOf(documented);
  const others = TYPES.filter(([type]) => type !== (expected === TIME ? 'a string' : expected));
  const wrong: Wrong[] = others.map(([type, value]) => ({ value, reason: `expected ${expected}, found ${type}` }));
  if (documented === 'date-time') {
    for (const value of ['', 'yesterday', '2026-03-01', '2026-02-30T10:00:00Z', '2026-03-01T10:00:00+2500']) {
      wrong.push({ value, reason: `expected ${TIME}, found a string` });
    }
  }
  if (documented === 'status') {
    const reason = 'expected a string of at most 200 bytes, found a longer one';
    for (const value of ['X'.repeat(201), 'æ'.repeat(101), '状'.repeat(512)]) wrong.push({ value, reason });
  }
  return wrong;
}

function nameOf(documented: Documented): string {
  if (documented === 'boolean') return 'a boolean';
  if (documented === 'date-time') return TIME;
  if (typeof documented === 'string') return 'a string';
  return isList(documented) ? 'an array' : 'an object';
}

function object(value: unknown): Record<string | number, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('that is no object');
  return value as Record<string | number, unknown>;
}
