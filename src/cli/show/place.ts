// A place in JSON documents: its types and how often it was found, but none of its values.

const TYPES = ['object', 'array', 'text', 'number', 'boolean', 'null'] as const;
type Type = (typeof TYPES)[number];

/** A place in the documents. All keys of a map have one place, and so have all elements of an array. */
export type Place = {
  types: Set<Type>;
  /** Bit sets, because the cases of two places are united when they become one. */
  cases: Uint8Array;
  events: Uint8Array;
  keys: Map<string, Place>;
  /** Keys that may hold data. Their values are in `others`. */
  oddKeys: Set<string>;
  others: Place | null;
  isMap: boolean;
  elements: Place | null;
};

/** What was found at a path. `path` is a jsonpath of Postgres. */
export type ShapeRow = { path: string; types: Type[]; cases: number; events: number };

/** Numbers of a document's case and event, from 0. */
export type Origin = { case: number; event: number };

/** An empty place, for as many cases and events. */
export function newPlace({ cases, events }: { cases: number; events: number }): Place {
  return {
    types: new Set(),
    cases: new Uint8Array(Math.ceil(cases / 8)),
    events: new Uint8Array(Math.ceil(events / 8)),
    keys: new Map(),
    oddKeys: new Set(),
    others: null,
    isMap: false,
    elements: null,
  };
}

/** Notes that a document has the value at the place. */
export function note(place: Place, value: unknown, origin: Origin): void {
  place.types.add(typeOf(value));
  mark(place.cases, origin.case);
  mark(place.events, origin.event);
}

/** Adds types and counts of `source` to `target`, without its children. */
export function addCounts(target: Place, source: Place): void {
  for (const type of source.types) target.types.add(type);
  unite(target.cases, source.cases);
  unite(target.events, source.events);
}

/** The place and all below it, each object's keys in alphabetical order. */
export function rowsOf(place: Place, path: string): ShapeRow[] {
  const types = TYPES.filter((type) => place.types.has(type));
  const keys = [...place.keys].sort(([first], [second]) => (first < second ? -1 : 1));
  return [
    { path, types, cases: count(place.cases), events: count(place.events) },
    ...keys.flatMap(([key, child]) => rowsOf(child, `${path}.${key}`)),
    ...(place.others === null ? [] : rowsOf(place.others, `${path}.*`)),
    ...(place.elements === null ? [] : rowsOf(place.elements, `${path}[*]`)),
  ];
}

function typeOf(value: unknown): Type {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}

function mark(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}

function unite(target: Uint8Array, source: Uint8Array): void {
  for (const [index, byte] of source.entries()) target[index] = (target[index] ?? 0) | byte;
}

function count(bits: Uint8Array): number {
  let found = 0;
  for (let byte of bits) for (; byte > 0; byte &= byte - 1) found += 1;
  return found;
}
