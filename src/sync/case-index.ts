import { createKeys } from './packed-keys.ts';

/** What came of a case in this run. */
export type Outcome = 'created' | 'updated' | 'unchanged';

/** What a case is found again by: its bytes' fingerprint, and the hash of what they say where there is one. */
export type Marks = { fingerprint: Buffer; contentHash: Buffer | null };

const ID_BYTES = 16;
const HASH_BYTES = 12;

/**
 * One case of a page for `load`: its id, the first 12 bytes of its fingerprint and of its content hash, and a byte that
 * is 1 when the case is missing. One without a content hash has its fingerprint there again: nothing else has that hash.
 */
const FINGERPRINT_AT = ID_BYTES;
const CONTENT_AT = FINGERPRINT_AT + HASH_BYTES;
const MISSING_AT = CONTENT_AT + HASH_BYTES;
const PACKED_BYTES = MISSING_AT + 1;

const MISSING = 1;
const RETURNED = 2;
/** In the order of their weight. */
const OUTCOMES: (Outcome | null)[] = [null, 'unchanged', 'updated', 'created'];

export type CaseIndex = ReturnType<typeof createCaseIndex>;

/**
 * The account's cases, as far as a run must remember them: id, fingerprint, content hash, whether it is missing, whether
 * the answer being read has had it, and what came of it. Packed into typed arrays, some 50 bytes a case, because a list
 * can have hundreds of thousands and memory must not grow with it; a Map of strings takes five times that. Of a
 * fingerprint the first 12 bytes are kept: that two agree in those is as little to be feared.
 * A case is named by its position, a number that stays the same.
 */
export function createCaseIndex() {
  let size = 0;
  const ids = createKeys(ID_BYTES);
  const fingerprints = createKeys(HASH_BYTES);
  const contents = createKeys(HASH_BYTES);
  let flags = new Uint8Array(1024);
  let outcomes = new Uint8Array(1024);
  /** The number of the last answer that had the case. */
  let seenIn = new Uint16Array(1024);
  let answer = 0;
  let presentBefore = 0;
  let hasContentHashes = false;

  const grow = () => {
    flags = doubled(flags, new Uint8Array(flags.length * 2));
    outcomes = doubled(outcomes, new Uint8Array(outcomes.length * 2));
    seenIn = doubled(seenIn, new Uint16Array(seenIn.length * 2));
  };

  const extend = (flag: number): number => {
    if (size === flags.length) grow();
    flags[size] = flag;
    size += 1;
    return size - 1;
  };

  const idOf = (position: number): string => {
    const hex = ids.hexOf(position);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  const isMissing = (position: number): boolean => ((flags[position] ?? 0) & MISSING) !== 0;
  const isSeen = (position: number): boolean => seenIn[position] === answer;

  return {
    /** Takes a page of cases as the database packed them. */
    load(page: Buffer): void {
      for (let at = 0; at < page.length; at += PACKED_BYTES) {
        ids.append(page, at);
        fingerprints.append(page, at + FINGERPRINT_AT);
        contents.append(page, at + CONTENT_AT);
        hasContentHashes ||=
          page.compare(page, at + CONTENT_AT, at + MISSING_AT, at + FINGERPRINT_AT, at + CONTENT_AT) !== 0;
        const isPresent = page[at + MISSING_AT] !== 1;
        extend(isPresent ? 0 : MISSING);
        if (isPresent) presentBefore += 1;
      }
    },
    /** An answer begins: none of its cases has been seen. */
    beginAnswer(): void {
      answer += 1;
    },
    /** The case whose current fingerprint this is, or -1. */
    withFingerprint: (fingerprint: Buffer): number => fingerprints.find(fingerprint),
    /** Whether any case has a content hash. */
    hasContentHashes: (): boolean => hasContentHashes,
    /** The case whose current content hash this is, or -1. */
    withContent: (contentHash: Buffer): number => contents.find(contentHash),
    /** The case of this lower-case uuid, or -1. */
    withId: (id: string): number => ids.find(bytesOf(id)),
    add(id: string, { fingerprint, contentHash }: Marks): number {
      ids.append(bytesOf(id));
      fingerprints.append(fingerprint);
      contents.append(contentHash ?? fingerprint);
      hasContentHashes ||= contentHash !== null;
      return extend(0);
    },
    renew(position: number, { fingerprint, contentHash }: Marks): void {
      fingerprints.replace(position, fingerprint);
      contents.replace(position, contentHash ?? fingerprint);
      hasContentHashes ||= contentHash !== null;
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
