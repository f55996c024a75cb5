const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

/** What is deeper, or has more of something, is not read. */
const DEEPEST = 64;
const MOST_MEMBERS = 256;
const MOST_NODES = 16_384;

// A node is a value and, in an object, its key. By field:
const KEY_START = 0;
/** After the closing quote; the start for a value without a key. */
const KEY_END = 1;
const KEY_HASH = 2;
const VALUE_START = 3;
const VALUE_END = 4;
const KIND = 5;
const FIRST = 6;
const NEXT = 7;
const FIELDS = 8;

const SCALAR = 0;
const ARRAY = 1;
const OBJECT = 2;
const NONE = -1;

/** One JSON object, taken apart and put together again with every object's members in an order of their own. */
export type ContentTree = {
  /** False for anything that is not clearly one object: keys that are there twice or hold an escape are not either. */
  read: (bytes: Buffer) => boolean;
  /** Writes what was read, as long as it was at most, and gives the end. The bytes must still be what they were. */
  write: (to: Uint8Array, from: number) => number;
};

/**
 * The order of members is by a hash of the key, then by the key: made while the key is read anyway, and compared as one
 * number. Tokens are not looked into, what is between them is: nothing but space is left out.
 */
export function createContentTree(): ContentTree {
  const nodes = new Int32Array(MOST_NODES * FIELDS);
  let used = 0;
  let bytes: Uint8Array = Buffer.alloc(0);
  let at = 0;
  let out: Uint8Array = bytes;
  let end = 0;

  function skipSpace(): void {
    let byte = bytes[at] ?? 0;
    while (byte === SPACE || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c)) byte = bytes[++at] ?? 0;
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
      hash = Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 15);
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
      const lower = byte | 0x20;
      const isLiteral =
        (byte >= 0x2b && byte <= 0x39 && byte !== COMMA && byte !== 0x2f) || (lower >= 0x61 && lower <= 0x7a);
      if (!isLiteral) return at > start;
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
  function readAll(node: number, kind: typeof ARRAY | typeof OBJECT, depth: number): boolean {
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

  function copy(start: number, stop: number): void {
    const from = bytes;
    const to = out;
    let index = end;
    for (let each = start; each < stop; each += 1) to[index++] = from[each] ?? 0;
    end = index;
  }

  function writeNode(node: number): void {
    const keyStart = nodes[node + KEY_START] ?? 0;
    const keyEnd = nodes[node + KEY_END] ?? 0;
    const valueStart = nodes[node + VALUE_START] ?? 0;
    const kind = nodes[node + KIND];
    const hasKey = keyEnd > keyStart;
    if (kind === SCALAR) {
      const isWhole = hasKey && keyEnd + 1 === valueStart;
      if (hasKey && !isWhole) writeKey(keyStart, keyEnd);
      return copy(isWhole ? keyStart : valueStart, nodes[node + VALUE_END] ?? 0);
    }
    if (hasKey) writeKey(keyStart, keyEnd);
    out[end++] = kind === OBJECT ? OPEN_OBJECT : OPEN_ARRAY;
    const first = nodes[node + FIRST] ?? NONE;
    for (let member = first; member !== NONE; member = nodes[member + NEXT] ?? NONE) {
      if (member !== first) out[end++] = COMMA;
      writeNode(member);
    }
    out[end++] = kind === OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
  }

  function writeKey(start: number, stop: number): void {
    copy(start, stop);
    out[end++] = COLON;
  }

  return {
    read(document) {
      bytes = document;
      at = 0;
      used = 0;
      skipSpace();
      if (bytes[at] !== OPEN_OBJECT || !readValue(newNode(), 0)) return false;
      skipSpace();
      return at === bytes.length;
    },
    write(to, from) {
      out = to;
      end = from;
      writeNode(0);
      return end;
    },
  };
}
