import type { Case, Rejection, Transition } from '../model/case.ts';
import type { CaseHashes } from './case-index.ts';

/** Cases that are saved in one transaction, each with all its events and transitions. */
export type Batch = {
  /** New cases, and cases that may have changed: their bytes differ from the stored ones. */
  read: ReadCase[];
  /** Cases with the stored content in other bytes: their keys or their space changed. Only the hashes are saved. */
  reordered: HashedCase[];
  /** Ids of cases that were missing and are in the list again, unchanged. */
  returned: string[];
  rejected: RejectedItem[];
};

export type HashedCase = CaseHashes & { id: string };

export type ReadCase = HashedCase &
  Pick<Case, 'document' | 'hasErrors' | 'problems' | 'readable'> & {
    transitions: Transition[];
    /** Whether the account had the case before this batch. */
    known: boolean;
  };

export type RejectedItem = {
  rejection: Rejection;
  fingerprint: Buffer;
  /** The item as received; null when it was too large to keep. */
  body: string | null;
};

export type Saved = {
  /** Ids of the known cases whose content changed. */
  updated: Set<string>;
  events: number;
  transitions: number;
  /** Problems that were recorded, by their path without ids and positions: `events[].created_at`. */
  problems: ReadonlyMap<string, number>;
};

/**
 * Flush threshold. Smaller batches are slower, because each one costs a lock on its run, a plan and a commit. Larger
 * ones are no faster and take more memory.
 */
const BATCH_CASES = 900;
const BATCH_BYTES = 3400 * 1024;
/**
 * A case that is stored already counts as so many new ones, because its rows are compared: 1,000 changed cases among
 * 100,000 are saved while the list is read, in 0.2 s more than an unchanged run instead of 0.3 s.
 */
const KNOWN_CASE_WEIGHT = 3;
/** Two connections save 1.7 times as fast as one; a third competes with them for the same processors. */
export const BATCHES_AT_ONCE = 2;

/**
 * Collects cases into batches and saves them, some at the same time. After the first batch that fails no other is
 * saved: `saveIfFull` and `drain` reject with its error from then on.
 */
export class Batcher {
  readonly #save: (batch: Batch) => Promise<void>;
  readonly #saving = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #batch = emptyBatch();
  #size = 0;
  #bytes = 0;

  constructor(save: (batch: Batch) => Promise<void>) {
    this.#save = save;
  }

  addRead(one: ReadCase): void {
    this.#batch.read.push(one);
    this.#grow(one.document.length, one.known ? KNOWN_CASE_WEIGHT : 1);
  }

  addReordered(one: HashedCase): void {
    this.#batch.reordered.push(one);
    this.#grow(0);
  }

  addReturned(id: string): void {
    this.#batch.returned.push(id);
    this.#grow(0);
  }

  addRejected(item: RejectedItem): void {
    this.#batch.rejected.push(item);
    this.#grow(item.body?.length ?? 0);
  }

  /** Begins to save the current batch if it is full; waits while the maximum number of batches is being saved. */
  async saveIfFull(): Promise<void> {
    this.#throwFailure();
    if (this.#size < BATCH_CASES && this.#bytes < BATCH_BYTES) return;
    this.#beginSaving();
    if (this.#saving.size >= BATCHES_AT_ONCE) await Promise.race(this.#saving);
    this.#throwFailure();
  }

  /** Saves the current batch and waits until all are saved. */
  async drain(): Promise<void> {
    if (this.#failures.length === 0) this.#beginSaving();
    await Promise.all(this.#saving);
    this.#throwFailure();
  }

  #grow(bytes: number, weight = 1): void {
    this.#size += weight;
    this.#bytes += bytes;
  }

  #beginSaving(): void {
    if (this.#size === 0) return;
    const task: Promise<void> = this.#save(this.#batch)
      .catch((error: unknown) => {
        this.#failures.push(error);
      })
      .finally(() => this.#saving.delete(task));
    this.#saving.add(task);
    this.#batch = emptyBatch();
    this.#size = 0;
    this.#bytes = 0;
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

function emptyBatch(): Batch {
  return { read: [], reordered: [], returned: [], rejected: [] };
}
