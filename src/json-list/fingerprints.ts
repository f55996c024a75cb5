import { createHash, type Hash, hash } from 'node:crypto';

const FINGERPRINT_BYTES = 32;
/**
 * Up to this size, an element is copied behind the salt and hashed by one call. A `Hash` object takes twice the time.
 */
const SHORT_BYTES = 64 * 1024;

/** Makes the fingerprints of elements: SHA-256 over a salt, a newline and the element's bytes. */
export class Fingerprints {
  readonly #salt: Buffer;
  readonly #input: Buffer;
  readonly #digest = Buffer.alloc(FINGERPRINT_BYTES);

  constructor(salt: string) {
    this.#salt = Buffer.from(`${salt}\n`);
    this.#input = Buffer.alloc(this.#salt.length + SHORT_BYTES);
    this.#salt.copy(this.#input);
  }

  /** The fingerprint of an element, in a buffer that the next call overwrites. */
  of(bytes: Buffer): Buffer {
    if (bytes.length > SHORT_BYTES) {
      this.begin().update(bytes).digest().copy(this.#digest);
    } else {
      const end = this.#salt.length + bytes.copy(this.#input, this.#salt.length);
      // As text, because a buffer for every element would be an allocation outside of V8's heap.
      this.#digest.write(hash('sha256', this.#input.subarray(0, end), 'binary'), 'latin1');
    }
    return this.#digest;
  }

  /** Begins the fingerprint of an element that is too large to keep. */
  begin(): Hash {
    return createHash('sha256').update(this.#salt);
  }
}
