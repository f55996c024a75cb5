// The fields and kinds of nodes, as content-tree.ts has them, and says why.
const KEY_START = 0;
const KEY_END = 1;
const VALUE_START = 3;
const VALUE_END = 4;
const KIND = 5;
const FIRST = 6;
const NEXT = 7;
const SCALAR = 0;
const ARRAY = 1;
const NONE = -1;

const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Puts a document together again from its bytes and their nodes: its tokens, in the order of the nodes, no space. */
export type ContentWriter = {
  /** Gives where it ends; it is at most as long as the document was. */
  write: (bytes: Uint8Array, to: Uint8Array, from: number) => number;
};

export function createContentWriter(nodes: Int32Array): ContentWriter {
  let bytes: Uint8Array = new Uint8Array(0);
  let out = bytes;
  let end = 0;

  // By hand, because most pieces are shorter than a call of `set` is worth.
  function copy(start: number, stop: number): void {
    const from = bytes;
    const to = out;
    let index = end;
    for (let each = start; each < stop; each += 1) to[index++] = from[each] ?? 0;
    end = index;
  }

  function put(byte: number): void {
    out[end] = byte;
    end += 1;
  }

  function writeNode(node: number): void {
    const keyStart = nodes[node + KEY_START] ?? 0;
    const keyEnd = nodes[node + KEY_END] ?? 0;
    const valueStart = nodes[node + VALUE_START] ?? 0;
    const isScalar = nodes[node + KIND] === SCALAR;
    if (isScalar && keyEnd > keyStart && keyEnd + 1 === valueStart) {
      copy(keyStart, nodes[node + VALUE_END] ?? 0);
      return;
    }
    if (keyEnd > keyStart) {
      copy(keyStart, keyEnd);
      put(COLON);
    }
    if (isScalar) copy(valueStart, nodes[node + VALUE_END] ?? 0);
    else writeMembers(node);
  }

  function writeMembers(node: number): void {
    const isArray = nodes[node + KIND] === ARRAY;
    const first = nodes[node + FIRST] ?? NONE;
    put(isArray ? OPEN_ARRAY : OPEN_OBJECT);
    for (let member = first; member !== NONE; member = nodes[member + NEXT] ?? NONE) {
      if (member !== first) put(COMMA);
      writeNode(member);
    }
    put(isArray ? CLOSE_ARRAY : CLOSE_OBJECT);
  }

  return {
    write(document, to, from) {
      bytes = document;
      out = to;
      end = from;
      writeNode(0);
      return end;
    },
  };
}
