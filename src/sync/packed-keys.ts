import { randomInt } from 'node:crypto';

/** Kept in blocks of so many keys, because one array that doubles is there twice while it does. */
const BLOCK_BITS = 12;
const IN_BLOCK = (1 << BLOCK_BITS) - 1;
const NO_BLOCK = new Int32Array(0);
const EMPTY = -1;

/**
 * Keys of 12 or 16 bytes by position, and the way back. A table for that, with open addressing, is made when a key is asked
 * for first: then it is known how many there are, and what nobody asks for costs nothing. A position may stand in it
 * under a key that it no longer has; `find` compares with the key of now, so such an entry is never a hit.
 */
export function createKeys(bytes: 12 | 16) {
  const words = bytes / 4;
  const hasFourth = words === 4;
  const blocks: Int32Array[] = [];
  let size = 0;
  let slots = new Int32Array(0);
  /** How many slots are taken, and how many positions have one. */
  let used = 0;
  let placed = 0;
  // Keys come from outside: without a secret start value, a list could be made whose keys all meet in one slot.
  const seed = randomInt(2 ** 32) | 0;

  const write = (position: number, from: Buffer, at: number): void => {
    const block = blocks[position >>> BLOCK_BITS];
    if (block === undefined) throw new RangeError(`no position ${position}`);
    const word = (position & IN_BLOCK) * words;
    for (let n = 0; n < words; n += 1) block[word + n] = from.readInt32LE(at + n * 4);
  };

  const place = (position: number): void => {
    const block = blocks[position >>> BLOCK_BITS] ?? NO_BLOCK;
    const word = (position & IN_BLOCK) * words;
    let slot = slotOf(
      block[word] ?? 0,
      block[word + 1] ?? 0,
      block[word + 2] ?? 0,
      hasFourth ? (block[word + 3] ?? 0) : 0,
    );
    while (slots[slot] !== EMPTY) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = position;
    used += 1;
  };

  const slotOf = (first: number, second: number, third: number, fourth: number): number => {
    let hash = Math.imul(seed ^ first, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ third, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 16) ^ fourth, 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & (slots.length - 1);
  };

  /** Gives every position a slot, at most three quarters of them taken. */
  const placeAll = (): void => {
    if (placed === 0 || (used + size - placed) * 4 > slots.length * 3) {
      slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(size, 512) * 1.5))).fill(EMPTY);
      used = 0;
      placed = 0;
    }
    for (; placed < size; placed += 1) place(placed);
  };

  return {
    /** Gives the next position this key. */
    append(from: Buffer, at = 0): number {
      if (size >>> BLOCK_BITS === blocks.length) blocks.push(new Int32Array((IN_BLOCK + 1) * words));
      write(size, from, at);
      size += 1;
      return size - 1;
    },
    /** Gives a position another key. */
    replace(position: number, from: Buffer, at = 0): void {
      write(position, from, at);
      if (position >= placed) return;
      if ((used + 1) * 4 > slots.length * 3) placed = 0;
      else place(position);
    },
    /** The position whose key this is, or -1. */
    find(key: Buffer, at = 0): number {
      if (placed !== size) placeAll();
      const first = key.readInt32LE(at);
      const second = key.readInt32LE(at + 4);
      const third = key.readInt32LE(at + 8);
      const fourth = hasFourth ? key.readInt32LE(at + 12) : 0;
      for (let slot = slotOf(first, second, third, fourth); ; slot = (slot + 1) & (slots.length - 1)) {
        const position = slots[slot] ?? EMPTY;
        if (position === EMPTY) return -1;
        const block = blocks[position >>> BLOCK_BITS];
        const word = (position & IN_BLOCK) * words;
        if (block?.[word] !== first || block[word + 1] !== second) continue;
        if (block[word + 2] === third && (!hasFourth || block[word + 3] === fourth)) return position;
      }
    },
    /** The key of a position as hexadecimal digits. */
    hexOf(position: number): string {
      const word = (position & IN_BLOCK) * words;
      const key = (blocks[position >>> BLOCK_BITS] ?? NO_BLOCK).subarray(word, word + words);
      return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex');
    },
  };
}
