import type { Problem } from '../../model/case.ts';
import { isJsonObject, type JsonObject, typeName } from './json-value.ts';
import { type Documented, type Fields, fieldNames, isList, MAX_STATUS_BYTES, type Scalar } from './schema.ts';
import { isTime, withColonInOffset } from './timestamps.ts';

/** Problems that are kept of a case. A case with 50,000 unreadable events is still one case with one cause. */
const MAX_PROBLEMS = 100;

/**
 * Finds the values that are not as documented, and replaces each in the object by null, or by a corrected value.
 * A list with one such element is null as a whole: the rest of it would look like the list.
 */
export class FieldReader {
  readonly #problems: Problem[] = [];
  #count = 0;

  readObject(object: JsonObject, fields: Fields, path = ''): void {
    // Not Object.entries: it would allocate for every event.
    for (const name in fields) {
      const documented = fields[name];
      const value = object[name];
      if (documented === undefined || value === undefined || value === null) continue;
      object[name] = this.#read(value, documented, path === '' ? name : `${path}.${name}`);
    }
  }

  /** The problems that were found. The last one stands for those beyond the maximum. */
  problems(): readonly Problem[] {
    const more = this.#count - this.#problems.length;
    if (more === 0) return this.#problems;
    return [...this.#problems, { path: '', reason: `${more} more fields are not as documented` }];
  }

  #read(value: unknown, documented: Documented, path: string): unknown {
    if (typeof documented === 'string') return this.#readScalar(value, documented, path);
    if (isList(documented)) return this.#readList(value, documented[0], path);
    if (!isJsonObject(value)) return this.#note(path, 'an object', typeName(value));
    this.readObject(value, documented, path);
    return value;
  }

  #readList(value: unknown, documented: Documented, path: string): unknown {
    if (!Array.isArray(value)) return this.#note(path, 'an array', typeName(value));
    for (const [index, element] of value.entries()) {
      // Stops at the first one: a list can have millions.
      if (this.#read(element, documented, `${path}[${index}]`) === null) return null;
    }
    return value;
  }

  #readScalar(value: unknown, type: Scalar, path: string): unknown {
    if (type === 'boolean') return typeof value === 'boolean' ? value : this.#note(path, 'a boolean', typeName(value));
    if (type === 'date-time') return this.#readTime(value, path);
    if (typeof value !== 'string') return this.#note(path, 'a string', typeName(value));
    if (type === 'string' || Buffer.byteLength(value) <= MAX_STATUS_BYTES) return value;
    return this.#note(path, `a string of at most ${MAX_STATUS_BYTES} bytes`, 'a longer one');
  }

  #readTime(value: unknown, path: string): unknown {
    const expected = 'an RFC 3339 date-time';
    if (typeof value !== 'string') return this.#note(path, expected, typeName(value));
    if (isTime(value)) return value;
    const withOffset = isTime(`${value}Z`) ? `${value}Z` : withColonInOffset(value);
    if (!isTime(withOffset)) return this.#note(path, expected, 'a string');
    const found = withOffset.endsWith('Z') ? 'one without an offset, read as UTC' : 'one without a colon in its offset';
    this.#note(path, expected, found);
    return withOffset;
  }

  #note(path: string, expected: string, found: string): null {
    this.#count += 1;
    if (this.#problems.length < MAX_PROBLEMS)
      this.#problems.push({ path, reason: `expected ${expected}, found ${found}` });
    return null;
  }
}

/** The documented fields of an item as JSON text. */
export function documentedFields(item: JsonObject): string {
  return JSON.stringify(item, [...fieldNames]);
}
