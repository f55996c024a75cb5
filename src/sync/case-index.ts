import { PackedKeys } from './packed-keys.ts';

/** The fingerprint of a case's bytes, and the content hash, which ignores the order of keys; null if not computed. */
export type CaseHashes = { fingerprint: Buffer; contentHash: Buffer | null };

const ID_BYTES = 16;
const HASH_BYTES = 12;

/**
 * Layout of a case in a page for `load`: id, first 12 bytes of the fingerprint, first 12 bytes of the content hash, and
 * a byte that is 1 if the case is missing. Without a content hash the fingerprint fills its place, which no content
 * hash equals.
 */
const FINGERPRINT_AT = ID_BYTES;
const CONTENT_AT = FINGERPRINT_AT + HASH_BYTES;
const MISSING_AT = CONTENT_AT + HASH_BYTES;
const PACKED_BYTES = MISSING_AT + 1;

/** Flags of a case. SEEN: it is in the response that is being read. */
const MISSING = 1;
const SEEN = 2;

/**
 * The ids and hashes of the account's cases, and which of them the run has seen. Takes some 60 bytes a case, because a
 * list can have hundreds of thousands. 12 bytes of each hash are enough: among a million cases, two agree in 96 bits
 * with a probability below 10^-16. A case is referred to by its position, a number that does not change.
 */
export class CaseIndex {
  readonly #ids = new PackedKeys(ID_BYTES);
  readonly #fingerprints = new PackedKeys(HASH_BYTES);
  /** With the fingerprint of cases without a content hash; null while no case has one. */
  #contentHashes: PackedKeys | null = null;
  #size = 0;
  #flags = new Uint8Array(1024);
  #presentBefore = 0;

  /** How many cases the list had before this run. */
  get presentBefore(): number {
    return this.#presentBefore;
  }

  /** Whether any case has a content hash. */
  get hasContentHashes(): boolean {
    return this.#contentHashes !== null;
  }

  /** Adds a page of cases as the database packed them. */
  load(page: Buffer): void {
    for (let at = 0; at < page.length; at += PACKED_BYTES) {
      if (page.compare(page, at + CONTENT_AT, at + MISSING_AT, at + FINGERPRINT_AT, at + CONTENT_AT) !== 0) {
        this.#contentHashes ??= this.#fingerprintsAsContent();
      }
      this.#ids.append(page, at);
      this.#fingerprints.append(page, at + FINGERPRINT_AT);
      this.#contentHashes?.append(page, at + CONTENT_AT);
      const isMissing = page[at + MISSING_AT] === 1;
      this.#extend(isMissing ? MISSING : 0);
      if (!isMissing) this.#presentBefore += 1;
    }
  }

  /** Clears SEEN of all cases, because a response begins. */
  beginResponse(): void {
    for (let position = 0; position < this.#size; position += 1) this.#clear(position, SEEN);
  }

  /** The position of the case with this fingerprint, or -1. */
  withFingerprint(fingerprint: Buffer): number {
    return this.#fingerprints.find(fingerprint);
  }

  /** The position of the case with this content hash, or -1. */
  withContentHash(contentHash: Buffer): number {
    return this.#contentHashes?.find(contentHash) ?? -1;
  }

  /** The position of the case with this lower-case uuid, or -1. */
  withId(id: string): number {
    return this.#ids.find(bytesOf(id));
  }

  idOf(position: number): string {
    const hex = this.#ids.keyOf(position).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Adds a new case and gives its position. */
  add(id: string, { fingerprint, contentHash }: CaseHashes): number {
    if (contentHash !== null) this.#contentHashes ??= this.#fingerprintsAsContent();
    this.#ids.append(bytesOf(id));
    this.#fingerprints.append(fingerprint);
    this.#contentHashes?.append(contentHash ?? fingerprint);
    return this.#extend(0);
  }

  replaceHashes(position: number, { fingerprint, contentHash }: CaseHashes): void {
    if (contentHash !== null) this.#contentHashes ??= this.#fingerprintsAsContent();
    this.#fingerprints.replace(position, fingerprint);
    this.#contentHashes?.replace(position, contentHash ?? fingerprint);
  }

  markSeen(position: number): void {
    this.#flags[position] = (this.#flags[position] ?? 0) | SEEN;
  }

  isSeen(position: number): boolean {
    return this.#has(position, SEEN);
  }

  isMissing(position: number): boolean {
    return this.#has(position, MISSING);
  }

  /** Notes that a missing case is in the list again. */
  markReturned(position: number): void {
    this.#clear(position, MISSING);
  }

  /** Ids of the cases that were present before and are not in the response. */
  unseenIds(): string[] {
    const ids: string[] = [];
    for (let position = 0; position < this.#size; position += 1) {
      if (!this.#has(position, MISSING | SEEN)) ids.push(this.idOf(position));
    }
    return ids;
  }

  #fingerprintsAsContent(): PackedKeys {
    const keys = new PackedKeys(HASH_BYTES);
    for (let position = 0; position < this.#size; position += 1) keys.append(this.#fingerprints.keyOf(position));
    return keys;
  }

  #extend(flags: number): number {
    const position = this.#size;
    if (position === this.#flags.length) {
      const larger = new Uint8Array(2 * position);
      larger.set(this.#flags);
      this.#flags = larger;
    }
    this.#flags[position] = flags;
    this.#size += 1;
    return position;
  }

  #has(position: number, flags: number): boolean {
    return ((this.#flags[position] ?? 0) & flags) !== 0;
  }

  #clear(position: number, flag: number): void {
    this.#flags[position] = (this.#flags[position] ?? 0) & ~flag;
  }
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
