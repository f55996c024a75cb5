import { randomInt } from 'node:crypto';

/** What came of a case in this run. */
export type Outcome = 'created' | 'updated' | 'unchanged';

const ID_BYTES = 16;
const FINGERPRINT_BYTES = 32;
/** One case of a page for `load`: its id, its fingerprint, and a byte that is 1 when the case is missing. */
const PACKED_BYTES = ID_BYTES + FINGERPRINT_BYTES + 1;

const MISSING = 1;
const RETURNED = 2;
/** In the order of their weight. */
const OUTCOMES: (Outcome | null)[] = [null, 'unchanged', 'updated', 'created'];

export type CaseIndex = ReturnType<typeof createCaseIndex>;

/**
 * The account's cases, as far as a run must remember them: id, fingerprint, whether it is missing, whether the answer
 * being read has had it, and what came of it. Packed into typed arrays, about 70 bytes a case, because a list can have
 * hundreds of thousands and memory must not grow with it; a Map of strings takes four times that.
 * A case is named by its position, a number that stays the same.
 */
export function createCaseIndex() {
  let size = 0;
  let ids = Buffer.alloc(1024 * ID_BYTES);
  let fingerprints = Buffer.alloc(1024 * FINGERPRINT_BYTES);
  let flags = new Uint8Array(1024);
  let outcomes = new Uint8Array(1024);
  /** The number of the last answer that had the case. */
  let seenIn = new Uint16Array(1024);
  let answer = 0;
  let presentBefore = 0;
  const byId = createSlots((position) => ids.subarray(position * ID_BYTES, (position + 1) * ID_BYTES));
  const byFingerprint = createSlots((position) =>
    fingerprints.subarray(position * FINGERPRINT_BYTES, (position + 1) * FINGERPRINT_BYTES),
  );

  const grow = () => {
    ids = Buffer.concat([ids, Buffer.alloc(ids.length)]);
    fingerprints = Buffer.concat([fingerprints, Buffer.alloc(fingerprints.length)]);
    flags = doubled(flags, new Uint8Array(flags.length * 2));
    outcomes = doubled(outcomes, new Uint8Array(outcomes.length * 2));
    seenIn = doubled(seenIn, new Uint16Array(seenIn.length * 2));
  };

  const insert = (id: Buffer, fingerprint: Buffer): number => {
    if (size === flags.length) grow();
    id.copy(ids, size * ID_BYTES);
    fingerprint.copy(fingerprints, size * FINGERPRINT_BYTES);
    byId.add(size);
    byFingerprint.add(size);
    size += 1;
    return size - 1;
  };

  const idOf = (position: number): string => {
    const hex = ids.toString('hex', position * ID_BYTES, (position + 1) * ID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const isMissing = (position: number): boolean => ((flags[position] ?? 0) & MISSING) !== 0;
  const isSeen = (position: number): boolean => seenIn[position] === answer;

  return {
    /** Takes a page of cases as the database packed them. */
    load(page: Buffer): void {
      for (let at = 0; at < page.length; at += PACKED_BYTES) {
        const position = insert(
          page.subarray(at, at + ID_BYTES),
          page.subarray(at + ID_BYTES, at + ID_BYTES + FINGERPRINT_BYTES),
        );
        flags[position] = page[at + PACKED_BYTES - 1] === 1 ? MISSING : 0;
        if (!isMissing(position)) presentBefore += 1;
      }
    },
    /** An answer begins: none of its cases has been seen. */
    beginAnswer(): void {
      answer += 1;
    },
    /** The case whose current fingerprint this is, or -1. */
    withFingerprint: (fingerprint: Buffer): number => byFingerprint.find(fingerprint),
    /** The case of this lower-case uuid, or -1. */
    withId: (id: string): number => byId.find(bytesOf(id)),
    add: (id: string, fingerprint: Buffer): number => insert(bytesOf(id), fingerprint),
    renew(position: number, fingerprint: Buffer): void {
      fingerprint.copy(fingerprints, position * FINGERPRINT_BYTES);
      byFingerprint.add(position);
    },
    see(position: number): void {
      seenIn[position] = answer;
    },
    isSeen,
    isMissing,
    /** Notes that a missing case is back. */
    welcome(position: number): void {
      flags[position] = RETURNED;
    },
    /** The greatest outcome stands: after a broken connection a case comes again, unchanged or changed meanwhile. */
    settle(position: number, outcome: Outcome): void {
      outcomes[position] = Math.max(outcomes[position] ?? 0, OUTCOMES.indexOf(outcome));
    },
    idOf,
    /** How many cases the list had before this run. */
    presentBefore: (): number => presentBefore,
    /** Ids of the cases that should be in the answer and were not. */
    unseen(): string[] {
      const gone: string[] = [];
      for (let position = 0; position < size; position += 1) {
        if (!isMissing(position) && !isSeen(position)) gone.push(idOf(position));
      }
      return gone;
    },
    tally(): Record<Outcome | 'returned', number> {
      const tally = { created: 0, updated: 0, unchanged: 0, returned: 0 };
      for (let position = 0; position < size; position += 1) {
        const outcome = OUTCOMES[outcomes[position] ?? 0];
        if (outcome) tally[outcome] += 1;
        if (outcome && ((flags[position] ?? 0) & RETURNED) !== 0) tally.returned += 1;
      }
      return tally;
    },
  };
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function doubled<T extends Uint8Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/**
 * An open-addressing hash table of positions. A position may stand in it under a key it no longer has; `find` compares
 * with the key of now, so such an entry is never a hit.
 */
function createSlots(keyOf: (position: number) => Buffer) {
  let slots = new Int32Array(4096).fill(-1);
  let used = 0;
  // Ids come from outside: without a secret start value, a list could be made whose ids all meet in one slot.
  const seed = randomInt(2 ** 32);

  const slotOf = (key: Buffer): number => {
    let hash = seed;
    for (let at = 0; at < ID_BYTES; at += 4) hash = Math.imul(hash ^ key.readInt32LE(at), 0x9e3779b1) ^ (hash >>> 15);
    return (hash ^ (hash >>> 13)) & (slots.length - 1);
  };

  const place = (position: number): void => {
    let slot = slotOf(keyOf(position));
    while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = position;
  };

  return {
    add(position: number): void {
      if ((used + 1) * 2 > slots.length) {
        const before = slots;
        slots = new Int32Array(before.length * 2).fill(-1);
        for (const held of before) if (held !== -1) place(held);
      }
      place(position);
      used += 1;
    },
    find(key: Buffer): number {
      let slot = slotOf(key);
      for (;;) {
        const position = slots[slot] ?? -1;
        if (position === -1 || keyOf(position).equals(key)) return position;
        slot = (slot + 1) & (slots.length - 1);
      }
    },
  };
}
