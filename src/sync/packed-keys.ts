/**
 * Keys are in blocks of this many: a single buffer that doubles would leave its old copies to the garbage collector.
 */
const BLOCK_BITS = 12;
const BLOCK_KEYS = 1 << BLOCK_BITS;
const EMPTY = -1;

/**
 * Keys of 12 or 16 bytes by position, and positions by key: a hash table with open addressing. A `Map` of strings takes
 * five times the memory. Nobody can choose keys that collide on purpose: they are hashes, or ids made by Dintero.
 */
export class PackedKeys {
  readonly #keyBytes: 12 | 16;
  readonly #blocks: Buffer[] = [];
  #size = 0;
  /**
   * Positions by hash of their key. Null until the first look-up: an unchanged list needs this table for fingerprints
   * only. A replaced key leaves its position in the old slot. `find` compares with the current key, so that is
   * harmless.
   */
  #slots: Int32Array | null = null;
  #usedSlots = 0;

  constructor(keyBytes: 12 | 16) {
    this.#keyBytes = keyBytes;
  }

  /** Adds the key that begins at `start`; returns its position. */
  append(from: Buffer, start = 0): number {
    const position = this.#size;
    if (position % BLOCK_KEYS === 0) this.#blocks.push(Buffer.alloc(BLOCK_KEYS * this.#keyBytes));
    this.#size += 1;
    this.replace(position, from, start);
    return position;
  }

  /** Replaces the key of a position. */
  replace(position: number, from: Buffer, start = 0): void {
    from.copy(this.#blockOf(position), this.#startOf(position), start, start + this.#keyBytes);
    if (this.#slots === null) return;
    // At most three quarters of the slots are used.
    if ((this.#usedSlots + 1) * 4 > this.#slots.length * 3) this.#slots = this.#buildSlots();
    else this.#place(position, this.#slots);
  }

  /** The position of this key, or -1. */
  find(key: Buffer): number {
    this.#slots ??= this.#buildSlots();
    const last = this.#slots.length - 1;
    for (let slot = this.#hashOf(key, 0) & last; ; slot = (slot + 1) & last) {
      const position = this.#slots[slot] ?? EMPTY;
      if (position === EMPTY || this.#hasKey(position, key)) return position;
    }
  }

  /** The key of a position, as a view. */
  keyOf(position: number): Buffer {
    const start = this.#startOf(position);
    return this.#blockOf(position).subarray(start, start + this.#keyBytes);
  }

  #blockOf(position: number): Buffer {
    const block = this.#blocks[position >>> BLOCK_BITS];
    if (block === undefined) throw new RangeError(`no position ${position}`);
    return block;
  }

  #startOf(position: number): number {
    return (position % BLOCK_KEYS) * this.#keyBytes;
  }

  #hasKey(position: number, key: Buffer): boolean {
    const start = this.#startOf(position);
    return this.#blockOf(position).compare(key, 0, this.#keyBytes, start, start + this.#keyBytes) === 0;
  }

  /** Makes a table of at least one and a half times as many slots as positions, without slots of replaced keys. */
  #buildSlots(): Int32Array {
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(this.#size, 512) * 1.5))).fill(EMPTY);
    this.#usedSlots = 0;
    for (let position = 0; position < this.#size; position += 1) this.#place(position, slots);
    return slots;
  }

  #place(position: number, slots: Int32Array): void {
    const last = slots.length - 1;
    let slot = this.#hashOf(this.#blockOf(position), this.#startOf(position)) & last;
    while (slots[slot] !== EMPTY) slot = (slot + 1) & last;
    slots[slot] = position;
    this.#usedSlots += 1;
  }

  #hashOf(from: Buffer, start: number): number {
    let hash = 0;
    for (let at = start; at < start + this.#keyBytes; at += 4) {
      hash = Math.imul(hash ^ from.readInt32LE(at), 0x9e3779b1);
    }
    return hash ^ (hash >>> 15);
  }
}
