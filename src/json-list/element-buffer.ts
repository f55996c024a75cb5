import type { Hash } from 'node:crypto';
import type { Element } from '../model/list.ts';
import type { Fingerprints } from './fingerprints.ts';

const SMALLEST_BUFFER = 64 * 1024;
/** A larger buffer is freed after its element. */
const LARGEST_BUFFER_KEPT = 1024 * 1024;

/** Joins the pieces of an element. Of an element that is too large it keeps only the hash. */
export class ElementBuffer {
  readonly #fingerprints: Fingerprints;
  readonly #maxItemBytes: number;
  #joined = Buffer.alloc(0);
  #size = 0;
  #hash: Hash | null = null;

  constructor(fingerprints: Fingerprints, maxItemBytes: number) {
    this.#fingerprints = fingerprints;
    this.#maxItemBytes = maxItemBytes;
  }

  /** Adds a piece of an element that goes on in the next chunk. */
  add(piece: Buffer): void {
    if (this.#hash === null && this.#size + piece.length > this.#maxItemBytes) {
      this.#hash = this.#fingerprints.begin().update(this.#joined.subarray(0, this.#size));
      this.#joined = Buffer.alloc(0);
    }
    if (this.#hash === null) this.#keep(piece);
    else this.#hash.update(piece);
    this.#size += piece.length;
  }

  /**
   * The element that ends with this piece. Its buffers are overwritten by the next element.
   * @param known The fingerprint of the piece, if it is a whole element that was hashed already.
   */
  finish(piece: Buffer, depth: number, known: Buffer | null): Element {
    if (this.#size === 0 && piece.length <= this.#maxItemBytes) {
      return { fingerprint: known ?? this.#fingerprints.of(piece), bytes: piece, size: piece.length, depth };
    }
    this.add(piece);
    const size = this.#size;
    const bytes = this.#hash === null ? this.#joined.subarray(0, size) : null;
    const fingerprint =
      this.#hash === null ? this.#fingerprints.of(this.#joined.subarray(0, size)) : this.#hash.digest();
    this.#size = 0;
    this.#hash = null;
    if (this.#joined.length > LARGEST_BUFFER_KEPT) this.#joined = Buffer.alloc(0);
    return { fingerprint, bytes, size, depth };
  }

  /**
   * Copies into one growing buffer. A list of pieces would take an object for each byte if a server sends single bytes.
   */
  #keep(piece: Buffer): void {
    const needed = this.#size + piece.length;
    if (needed > this.#joined.length) {
      const doubled = Math.min(2 * this.#joined.length, this.#maxItemBytes);
      const larger = Buffer.allocUnsafe(Math.max(needed, doubled, SMALLEST_BUFFER));
      this.#joined.copy(larger, 0, 0, this.#size);
      this.#joined = larger;
    }
    piece.copy(this.#joined, this.#size);
  }
}
