import { hash } from 'node:crypto';

/** So many bytes of a SHA-256 are kept. */
const HASH_BYTES = 16;
/** Far above any real document, far below the size of the stack. */
const DEEPEST = 64;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LITERAL = /[\w.+-]+/y;

/** Gives a hash of 16 bytes, or null for a document whose content cannot be told without parsing it. */
export type ContentHasher = (document: Buffer) => Buffer | null;

/**
 * Hashes JSON objects so that the order of keys and the space between tokens make no difference. A number or a string
 * that is spelled in another way makes one; such a document is parsed, which costs time and nothing else.
 *
 * Two equal hashes mean equal content if one of them is that of a valid document: the hashed text is the document again,
 * with all its tokens as they were received and the members of every object sorted.
 */
export function createContentHasher(salt: string): ContentHasher {
  const prefix = `content of ${salt}\n`;
  return (document) => {
    // Latin-1 gives one character for every byte, whatever the bytes are.
    const canonical = new CanonicalReader(document.toString('latin1')).readDocument();
    if (canonical === null) return null;
    return hash('sha256', Buffer.from(prefix + canonical, 'latin1'), 'buffer').subarray(0, HASH_BYTES);
  };
}

/** Reads JSON text into text without space and with sorted members. Every method gives null for anything else. */
class CanonicalReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): string | null {
    const canonical = this.#skipSpace() === OPEN_OBJECT ? this.#readObject(0) : null;
    this.#skipSpace();
    return this.#at === this.#text.length ? canonical : null;
  }

  #readValue(depth: number): string | null {
    const first = this.#text.charCodeAt(this.#at);
    if (first === QUOTE) return this.#readString();
    if (first === OPEN_OBJECT) return this.#readObject(depth);
    if (first === OPEN_ARRAY) return this.#readArray(depth);
    return this.#readLiteral();
  }

  #readObject(depth: number): string | null {
    const members = new Map<string, string>();
    if (depth > DEEPEST) return null;
    for (let more = this.#open(CLOSE_OBJECT); more; more = this.#readComma()) {
      const key = this.#skipSpace() === QUOTE ? this.#readString() : null;
      // JSON keeps the last of two members with one key, and an escape may spell the key of another member.
      if (key === null || members.has(key) || key.includes('\\')) return null;
      if (this.#skipSpace() !== COLON) return null;
      this.#at += 1;
      this.#skipSpace();
      const value = this.#readValue(depth + 1);
      if (value === null) return null;
      members.set(key, value);
    }
    const sorted = [...members.keys()].sort().map((key) => `${key}:${members.get(key)}`);
    return this.#hasClosed(CLOSE_OBJECT) ? `{${sorted.join()}}` : null;
  }

  #readArray(depth: number): string | null {
    const values: string[] = [];
    if (depth > DEEPEST) return null;
    for (let more = this.#open(CLOSE_ARRAY); more; more = this.#readComma()) {
      this.#skipSpace();
      const value = this.#readValue(depth + 1);
      if (value === null) return null;
      values.push(value);
    }
    return this.#hasClosed(CLOSE_ARRAY) ? `[${values.join()}]` : null;
  }

  /** Passes an opening bracket; false, and past the closing one, when nothing is between them. */
  #open(close: number): boolean {
    this.#at += 1;
    if (this.#skipSpace() !== close) return true;
    this.#at += 1;
    return false;
  }

  /** Passes the character after an item; false when it is no comma. */
  #readComma(): boolean {
    const isComma = this.#skipSpace() === COMMA;
    this.#at += 1;
    return isComma;
  }

  #hasClosed(close: number): boolean {
    return this.#text.charCodeAt(this.#at - 1) === close;
  }

  #readString(): string | null {
    let end = this.#text.indexOf('"', this.#at + 1);
    while (end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    return end === -1 ? null : this.#take(end + 1);
  }

  #isEscaped(at: number): boolean {
    let first = at;
    while (this.#text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    return (at - first) % 2 === 1;
  }

  #readLiteral(): string | null {
    LITERAL.lastIndex = this.#at;
    return LITERAL.test(this.#text) ? this.#take(LITERAL.lastIndex) : null;
  }

  #take(end: number): string {
    const token = this.#text.slice(this.#at, end);
    this.#at = end;
    return token;
  }

  /** Gives the code of the character after any space. */
  #skipSpace(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === SPACE || code === LINE_FEED || code === RETURN || code === TAB) {
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    return code;
  }
}
