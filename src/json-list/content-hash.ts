import { hash } from 'node:crypto';
import { isLiteral, isSpace } from './scanner.ts';

/** The hash is the first 16 bytes of a SHA-256. */
const HASH_BYTES = 16;
/** Deepest nesting that is read: no real document comes near, and recursion stays far from the end of the stack. */
const DEEPEST = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Returns a hash of 16 bytes; null if the content cannot be hashed, and the document has to be parsed. */
export type ContentHasher = (document: Buffer) => Buffer | null;

/**
 * Hashes JSON objects independently of the order of keys and of the space between tokens. The same number or string in
 * another spelling gives another hash; the document is then parsed, which only costs time.
 *
 * Equal hashes mean equal content, if one of the two documents is valid JSON: the hashed bytes are the document itself
 * with its tokens unchanged, the members of every object sorted, and no space.
 */
export function createContentHasher(salt: string): ContentHasher {
  const prefix = Buffer.from(`content of ${salt}\n`);
  // Reused, and the digest is text: allocating two buffers outside of V8's heap took 5 µs a document.
  let canonical = Buffer.alloc(0);
  return (document) => {
    const root = new ValueReader(document).readDocument();
    if (root === null) return null;
    if (canonical.length < prefix.length + document.length) {
      canonical = Buffer.alloc(2 * (prefix.length + document.length));
      prefix.copy(canonical);
    }
    const end = write(root, document, { to: canonical, end: prefix.length });
    const digest = hash('sha256', canonical.subarray(0, end), 'binary');
    return Buffer.from(digest.slice(0, HASH_BYTES), 'latin1');
  };
}

/** Where a value and its key are in the document's bytes. A value in an array has an empty key. */
type Value = {
  keyStart: number;
  keyEnd: number;
  keyHash: number;
  start: number;
  /** Valid for a scalar only. */
  end: number;
  /** The opening bracket; 0 for a scalar. */
  bracket: number;
  items: Value[];
};

/** Finds the values of a document. Every method returns null or false for bytes that are not clearly JSON. */
class ValueReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readDocument(): Value | null {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== OPEN_OBJECT) return null;
    const root = newValue(this.#at);
    if (!this.#readValue(root, 0)) return null;
    this.#skipSpace();
    return this.#at === this.#bytes.length ? root : null;
  }

  #readValue(value: Value, depth: number): boolean {
    const byte = this.#bytes[this.#at];
    value.start = this.#at;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.#readItems(value, byte, depth);
    const isRead = byte === QUOTE ? this.#skipString() : this.#skipLiteral();
    value.end = this.#at;
    return isRead;
  }

  #readItems(value: Value, bracket: number, depth: number): boolean {
    const close = bracket === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
    value.bracket = bracket;
    this.#at += 1;
    this.#skipSpace();
    if (this.#bytes[this.#at] === close) {
      this.#at += 1;
      return true;
    }
    value.items = [];
    for (;;) {
      const item = newValue(this.#at);
      if (depth >= DEEPEST) return false;
      if (bracket === OPEN_OBJECT && !this.#readKey(item)) return false;
      if (!this.#readValue(item, depth + 1)) return false;
      value.items.push(item);
      this.#skipSpace();
      const byte = this.#bytes[this.#at];
      this.#at += 1;
      if (byte === close) return bracket === OPEN_ARRAY || sortMembers(value.items, this.#bytes);
      if (byte !== COMMA) return false;
      this.#skipSpace();
    }
  }

  /** Reads a key and its colon. Refuses a key with an escape, because it may be equal to another key. */
  #readKey(member: Value): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) return false;
    let keyHash = 0;
    let at = this.#at + 1;
    for (; bytes[at] !== QUOTE; at += 1) {
      const byte = bytes[at];
      if (byte === undefined || byte === BACKSLASH) return false;
      keyHash = Math.imul(keyHash ^ byte, 0x01000193);
    }
    this.#at = at + 1;
    member.keyEnd = this.#at;
    member.keyHash = keyHash;
    this.#skipSpace();
    if (bytes[this.#at] !== COLON) return false;
    this.#at += 1;
    this.#skipSpace();
    return true;
  }

  #skipString(): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.#at = at + 1;
    return at < bytes.length;
  }

  #skipLiteral(): boolean {
    const start = this.#at;
    while (isLiteral(this.#bytes[this.#at] ?? 0)) this.#at += 1;
    return this.#at > start;
  }

  #skipSpace(): void {
    while (isSpace(this.#bytes[this.#at] ?? 0)) this.#at += 1;
  }
}

const NO_ITEMS: Value[] = [];

function newValue(at: number): Value {
  return { keyStart: at, keyEnd: at, keyHash: 0, start: at, end: at, bracket: 0, items: NO_ITEMS };
}

/** Sorts by the keys' hashes, then by the keys. False for a repeated key, because only its last value counts. */
function sortMembers(members: Value[], bytes: Uint8Array): boolean {
  const keyOf = ({ keyStart, keyEnd }: Value) => bytes.subarray(keyStart, keyEnd);
  let isTwice = false;
  members.sort((one, other) => {
    const order = one.keyHash - other.keyHash || Buffer.compare(keyOf(one), keyOf(other));
    if (order === 0) isTwice = true;
    return order;
  });
  return !isTwice;
}

/** Writes a value without space; returns the index after it. */
function write(value: Value, from: Uint8Array, out: { to: Uint8Array; end: number }): number {
  if (value.keyEnd > value.keyStart) {
    copy(from, value.keyStart, value.keyEnd, out);
    out.to[out.end++] = COLON;
  }
  if (value.bracket === 0) {
    copy(from, value.start, value.end, out);
    return out.end;
  }
  out.to[out.end++] = value.bracket;
  for (const [index, item] of value.items.entries()) {
    if (index > 0) out.to[out.end++] = COMMA;
    write(item, from, out);
  }
  out.to[out.end++] = value.bracket === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
  return out.end;
}

/** Byte by byte, because most pieces are so short that a call of `set` takes longer. */
function copy(from: Uint8Array, start: number, end: number, out: { to: Uint8Array; end: number }): void {
  const { to } = out;
  let at = out.end;
  for (let index = start; index < end; index += 1) to[at++] = from[index] ?? 0;
  out.end = at;
}
