// How a document that was taken apart lies in an Int32Array: a node is a value and, in an object, its key; its number is
// the index of its first field. The same constants stand in content-writer.ts: with imported ones, which are looked up at
// every use, a hash took a tenth longer.
export const KEY_START = 0;
/** After the closing quote; the start for a value without a key. */
export const KEY_END = 1;
const KEY_HASH = 2;
export const VALUE_START = 3;
/** Of a scalar only. */
export const VALUE_END = 4;
export const KIND = 5;
/** The first member of an array or object, and the next one of the same. */
export const FIRST = 6;
export const NEXT = 7;
const FIELDS = 8;
export const SCALAR = 0;
const ARRAY = 1;
const OBJECT = 2;
export const NONE = -1;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;
/** What makes a capital letter a small one. */
const LOWER_CASE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What is deeper, or has more of something, is not read. */
const DEEPEST = 64;
const MOST_MEMBERS = 256;
const MOST_NODES = 16_384;

/** Takes a document apart into nodes, the members of every object in an order that depends on nothing but their keys. */
export type ContentTree = {
  nodes: Int32Array;
  /** False for anything that is not clearly one object: keys that are there twice or hold an escape are not either. */
  read: (bytes: Uint8Array) => boolean;
};

/**
 * The order of members is by a hash of the key, then by the key: made while the key is read anyway, and compared as one
 * number. Tokens are not looked into, what is between them is: nothing but space is left out.
 */
export function createContentTree(): ContentTree {
  const nodes = new Int32Array(MOST_NODES * FIELDS);
  let used = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;

  function skipSpace(): void {
    let byte = bytes[at] ?? 0;
    while (byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB) byte = bytes[++at] ?? 0;
  }

  function newNode(): number {
    const node = used;
    used += FIELDS;
    nodes[node + KEY_START] = at;
    nodes[node + KEY_END] = at;
    nodes[node + FIRST] = NONE;
    nodes[node + NEXT] = NONE;
    return node;
  }

  function readKey(member: number): boolean {
    const from = bytes;
    const length = from.length;
    if (from[at] !== QUOTE) return false;
    let hash = 0;
    let index = at + 1;
    for (; index < length; index += 1) {
      const byte = from[index] ?? 0;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) return false;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (index >= length) return false;
    at = index + 1;
    nodes[member + KEY_END] = at;
    nodes[member + KEY_HASH] = hash;
    skipSpace();
    if (bytes[at] !== COLON) return false;
    at += 1;
    skipSpace();
    return true;
  }

  function skipString(): boolean {
    const from = bytes;
    const length = from.length;
    let index = at + 1;
    while (index < length) {
      const byte = from[index++];
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) index += 1;
    }
    at = index;
    return index <= length && from[index - 1] === QUOTE;
  }

  function skipLiteral(): boolean {
    const start = at;
    for (;;) {
      const byte = bytes[at] ?? 0;
      const lower = byte | LOWER_CASE;
      const isLetter = lower >= LETTER_A && lower <= LETTER_Z;
      const isOfNumber = (byte >= DIGIT_0 && byte <= DIGIT_9) || byte === MINUS || byte === PLUS || byte === POINT;
      if (!isLetter && !isOfNumber) return at > start;
      at += 1;
    }
  }

  function readValue(node: number, depth: number): boolean {
    nodes[node + VALUE_START] = at;
    const byte = bytes[at];
    if (byte === OPEN_OBJECT) return readAll(node, OBJECT, depth);
    if (byte === OPEN_ARRAY) return readAll(node, ARRAY, depth);
    nodes[node + KIND] = SCALAR;
    const isRead = byte === QUOTE ? skipString() : skipLiteral();
    nodes[node + VALUE_END] = at;
    return isRead;
  }

  /** Reads the members of an object or array. */
  function readAll(node: number, kind: number, depth: number): boolean {
    nodes[node + KIND] = kind;
    const close = kind === OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
    const most = kind === OBJECT ? MOST_MEMBERS : MOST_NODES;
    at += 1;
    skipSpace();
    if (bytes[at] === close) {
      at += 1;
      return true;
    }
    let last = NONE;
    for (let count = 0; count < most && depth < DEEPEST && used < nodes.length; count += 1) {
      const member = newNode();
      if (kind === OBJECT && !readKey(member)) return false;
      if (!readValue(member, depth + 1)) return false;
      if (kind === OBJECT && !insert(node, member)) return false;
      if (kind === ARRAY) nodes[last === NONE ? node + FIRST : last + NEXT] = member;
      last = member;
      skipSpace();
      const byte = bytes[at];
      at += 1;
      if (byte === close) return true;
      if (byte !== COMMA) return false;
      skipSpace();
    }
    return false;
  }

  /** Puts a member where it belongs among those of its object; false when its key is there already. */
  function insert(object: number, member: number): boolean {
    let link = object + FIRST;
    for (;;) {
      const other = nodes[link] ?? NONE;
      const order = other === NONE ? 1 : compareKeys(other, member);
      if (order === 0) return false;
      if (order > 0) {
        nodes[member + NEXT] = other;
        nodes[link] = member;
        return true;
      }
      link = other + NEXT;
    }
  }

  function compareKeys(one: number, other: number): number {
    const byHash = (nodes[one + KEY_HASH] ?? 0) - (nodes[other + KEY_HASH] ?? 0);
    if (byHash !== 0) return byHash;
    return Buffer.compare(keyOf(one), keyOf(other));
  }

  function keyOf(node: number): Uint8Array {
    return bytes.subarray(nodes[node + KEY_START], nodes[node + KEY_END]);
  }

  return {
    nodes,
    read(document) {
      bytes = document;
      at = 0;
      used = 0;
      skipSpace();
      if (bytes[at] !== OPEN_OBJECT || !readValue(newNode(), 0)) return false;
      skipSpace();
      return at === bytes.length;
    },
  };
}
