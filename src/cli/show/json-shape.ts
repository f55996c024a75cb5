import { addCounts, newPlace, note, type Origin, type Place, rowsOf, type ShapeRow } from './place.ts';

// The shape of JSON documents: which paths they have, with which types and how often, but none of their values.

/** An object with more distinct keys over all documents is a map: its keys are probably ids, names or dates. */
const MAX_KEYS = 50;
const MAX_DEPTH = 20;
/** Each path costs some 6 KB for its counts. */
const MAX_PATHS = 5_000;

/** A key that a jsonpath has without quotes, and short enough for a line of the table. */
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/;
/** More digits are probably a date, a number of a person, or an id. */
const MAX_DIGITS = 3;

/** Collects the shape of documents. Its memory has a limit, however many documents there are. */
export class JsonShape {
  /** Whether something was left out because it was too deep, or because there were too many paths. */
  isCut = false;
  readonly #limits: { cases: number; events: number };
  readonly #root: Place;
  #paths = 0;

  constructor(limits: { cases: number; events: number }) {
    this.#limits = limits;
    this.#root = this.#newPlace();
  }

  add(document: unknown, origin: Origin): void {
    this.#visit(this.#root, document, { origin, depth: 0 });
  }

  /** The paths that were found, each object's keys in alphabetical order. */
  rows(rootPath: string): ShapeRow[] {
    if (this.#root.types.size === 0) return [];
    this.#hideMaps(this.#root);
    return rowsOf(this.#root, rootPath);
  }

  #newPlace(): Place {
    this.#paths += 1;
    return newPlace(this.#limits);
  }

  #visit(place: Place, value: unknown, { origin, depth }: { origin: Origin; depth: number }): void {
    note(place, value, origin);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const next = depth < MAX_DEPTH ? this.#childOf(place, Array.isArray(value) ? null : key) : null;
      if (next === null) this.isCut = true;
      else this.#visit(next, child, { origin, depth: depth + 1 });
    }
  }

  /** The place of a key's value, or of an array's elements (key null). Null = there are too many places. */
  #childOf(place: Place, key: string | null): Place | null {
    if (key === null) {
      place.elements ??= this.#placeIfRoom();
      return place.elements;
    }
    if (!place.isMap) {
      const known = place.keys.get(key);
      if (known !== undefined) return known;
      const isPlain = isPlainKey(key);
      if (!isPlain) place.oddKeys.add(key);
      if (place.keys.size + place.oddKeys.size + Number(isPlain) > MAX_KEYS) this.#makeMap(place);
      else if (isPlain) return this.#addKey(place, key);
    }
    place.others ??= this.#placeIfRoom();
    return place.others;
  }

  #addKey(place: Place, key: string): Place | null {
    const added = this.#placeIfRoom();
    if (added !== null) place.keys.set(key, added);
    return added;
  }

  #placeIfRoom(): Place | null {
    return this.#paths < MAX_PATHS ? this.#newPlace() : null;
  }

  /** Drops the names of all keys, for documents that come later too. */
  #makeMap(place: Place): void {
    const { keys } = place;
    place.isMap = true;
    place.keys = new Map();
    place.oddKeys = new Set();
    for (const child of keys.values()) place.others = this.#united(place.others, child);
  }

  #united(target: Place | null, source: Place | null): Place | null {
    if (target === null || source === null) return target ?? source;
    this.#paths -= 1;
    addCounts(target, source);
    target.elements = this.#united(target.elements, source.elements);
    target.others = this.#united(target.others, source.others);
    for (const key of source.oddKeys) target.oddKeys.add(key);
    for (const [key, child] of source.keys)
      target.keys.set(key, this.#united(target.keys.get(key) ?? null, child) ?? child);
    if (target.isMap || source.isMap || target.keys.size + target.oddKeys.size > MAX_KEYS) this.#makeMap(target);
    return target;
  }

  /**
   * An object with more odd keys than plain ones is a map too: of names, only some have a space. One odd key among many
   * plain ones does not hide those.
   */
  #hideMaps(place: Place): void {
    if (place.oddKeys.size > place.keys.size) this.#makeMap(place);
    for (const child of [...place.keys.values(), place.others, place.elements])
      if (child !== null) this.#hideMaps(child);
  }
}

function isPlainKey(key: string): boolean {
  return PLAIN_KEY.test(key) && key.replace(/\D/g, '').length <= MAX_DIGITS;
}
