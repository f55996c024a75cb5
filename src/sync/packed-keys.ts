const EMPTY = -1;
const FIRST_CAPACITY = 1024;

/**
 * Keys of 12 or 16 bytes by position, and positions by key: a hash table with open addressing. A `Map` of strings takes
 * five times the memory. Keys are hashes, and ids that Dintero makes, so nobody can choose many that meet in one slot.
 */
export class PackedKeys {
  readonly #keyBytes: 12 | 16;
  #keys: Buffer;
  #size = 0;
  /**
   * Positions. One may stand in a slot of a key that it no longer has: `find` compares with the key of now, so such a
   * slot is never a hit.
   */
  #slots = new Int32Array(2 * FIRST_CAPACITY).fill(EMPTY);
  #usedSlots = 0;

  constructor(keyBytes: 12 | 16) {
    this.#keyBytes = keyBytes;
    this.#keys = Buffer.alloc(FIRST_CAPACITY * keyBytes);
  }

  /** Gives the next position the key that begins at `start`. */
  append(from: Buffer, start = 0): number {
    const position = this.#size;
    this.#size += 1;
    if (this.#size * this.#keyBytes > this.#keys.length) {
      const larger = Buffer.alloc(2 * this.#keys.length);
      this.#keys.copy(larger);
      this.#keys = larger;
    }
    this.replace(position, from, start);
    return position;
  }

  /** Gives a position another key. */
  replace(position: number, from: Buffer, start = 0): void {
    from.copy(this.#keys, position * this.#keyBytes, start, start + this.#keyBytes);
    // At most three quarters of the slots are used.
    if ((this.#usedSlots + 1) * 4 > this.#slots.length * 3) this.#rebuildSlots();
    else this.#place(position);
  }

  /** The position of this key, or -1. */
  find(key: Buffer): number {
    for (let slot = this.#slotOf(key, 0); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const position = this.#slots[slot] ?? EMPTY;
      if (position === EMPTY || this.#hasKey(position, key)) return position;
    }
  }

  /** The key of a position as hexadecimal digits. */
  hexOf(position: number): string {
    const start = position * this.#keyBytes;
    return this.#keys.toString('hex', start, start + this.#keyBytes);
  }

  #hasKey(position: number, key: Buffer): boolean {
    const start = position * this.#keyBytes;
    return this.#keys.compare(key, 0, this.#keyBytes, start, start + this.#keyBytes) === 0;
  }

  #place(position: number): void {
    let slot = this.#slotOf(this.#keys, position * this.#keyBytes);
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = position;
    this.#usedSlots += 1;
  }

  /** Twice as many slots as there are keys, or more, so that old keys of positions go. */
  #rebuildSlots(): void {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(this.#size * 2))).fill(EMPTY);
    this.#usedSlots = 0;
    for (let position = 0; position < this.#size; position += 1) this.#place(position);
  }

  #slotOf(from: Buffer, start: number): number {
    let hash = 0;
    for (let at = start; at < start + this.#keyBytes; at += 4)
      hash = Math.imul(hash ^ from.readInt32LE(at), 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & (this.#slots.length - 1);
  }
}
