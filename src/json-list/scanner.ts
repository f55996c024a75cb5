const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Effects of a byte outside of strings. */
const OPEN = 1;
const CLOSE = 2;
const STRUCTURE = table({ '{[': OPEN, '}]': CLOSE, '"': 3 });

const LITERAL = 1;
const SPACE = 2;
const KIND = table({
  '+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ': LITERAL,
  ' \t\n\r': SPACE,
});

/** State of the scan of one element. */
export type Scan = {
  /** A number, `true`, `false` or `null`: it ends before the first byte that cannot belong to it. */
  literal: boolean;
  inString: boolean;
  /** The chunk ended with a backslash inside a string. */
  escaped: boolean;
  /** How many arrays and objects are open. */
  open: number;
  /** The greatest value of `open` so far. */
  depth: number;
  ended: boolean;
};

export function isSpace(byte: number): boolean {
  return KIND[byte] === SPACE;
}

/** Letters, digits, and the signs of numbers. */
export function isLiteral(byte: number): boolean {
  return KIND[byte] === LITERAL;
}

/** Whether a JSON value can begin with this byte. The parser checks the spelling of literals. */
export function beginsElement(byte: number): boolean {
  return isLiteral(byte) || STRUCTURE[byte] === OPEN || byte === QUOTE;
}

/** The state before the first byte of an element. `scanOn` must get that byte too. */
export function beginScan(byte: number): Scan {
  return { literal: isLiteral(byte), inString: false, escaped: false, open: 0, depth: 0, ended: false };
}

/**
 * Scans on in an element; returns the index after its last byte, or the chunk's length if it continues in the next
 * chunk.
 *
 * All bytes of new and changed elements pass here, so the loop works on local variables: on an object's fields it is
 * several times slower. So is `indexOf` for the closing quote, because most strings are short.
 */
export function scanOn(scan: Scan, chunk: Buffer, from: number): number {
  if (scan.literal) return scanLiteral(scan, chunk, from);
  const length = chunk.length;
  let at = scan.escaped ? from + 1 : from;
  let inString = scan.inString;
  let open = scan.open;
  let depth = scan.depth;
  let ended = false;
  while (at < length && !ended) {
    if (inString) {
      while (at < length) {
        const byte = chunk[at++];
        if (byte === QUOTE) {
          inString = false;
          break;
        }
        if (byte === BACKSLASH) at += 1;
      }
      ended = !inString && open === 0;
      continue;
    }
    const does = STRUCTURE[chunk[at++] ?? 0];
    if (does === 0) continue;
    if (does === OPEN) {
      open += 1;
      if (open > depth) depth = open;
    } else if (does === CLOSE) {
      open -= 1;
      ended = open === 0;
    } else {
      inString = true;
    }
  }
  scan.escaped = at > length;
  scan.inString = inString;
  scan.open = open;
  scan.depth = depth;
  scan.ended = ended;
  return Math.min(at, length);
}

function scanLiteral(scan: Scan, chunk: Buffer, from: number): number {
  let at = from;
  while (isLiteral(chunk[at] ?? 0)) at += 1;
  scan.ended = at < chunk.length;
  return at;
}

function table(meanings: Record<string, number>): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [characters, meaning] of Object.entries(meanings)) {
    for (const byte of Buffer.from(characters)) bytes[byte] = meaning;
  }
  return bytes;
}
