import type { Rejection, Transition } from '../model/case.ts';
import type { Marks } from './case-index.ts';

/** What is saved in one transaction: a case is in it whole, with all its events and transitions. */
export type Batch = {
  /** Cases whose bytes differ from what holds; new ones too. */
  read: ReadCase[];
  /** Cases of which only the bytes are not what they were. */
  renewed: RenewedCase[];
  /** Ids of cases that are as they were before they went missing. */
  returned: string[];
  rejected: RejectedItem[];
};

export type RenewedCase = Marks & { id: string };

export type ReadCase = RenewedCase & {
  /** JSON text as received, in UTF-8. */
  document: Buffer;
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
  /** Ids of the known cases whose content differs from what held. */
  updated: Set<string>;
  events: number;
  transitions: number;
};

/** A batch costs its fence, its plan and its commit whatever its size; larger ones are no faster, and take memory. */
const BATCH_CASES = 900;
/** Begun with so many while nothing is being saved, so that of a list with few changes little is left for its end. */
const EARLY_CASES = 100;
/** So many cases of a list are read while one that has changed is saved. */
const READ_PER_SAVED = 100;
/** Fewer are not worth a batch of their own. */
const FEWEST_CASES = 10;
const BATCH_BYTES = 3400 * 1024;
/** Two connections save 1.7 times what one does; a third waits for the same two cores. */
const BATCHES_AT_ONCE = 2;

export type Batches = {
  read: (one: ReadCase, bytes: number) => void;
  renewed: (one: RenewedCase) => void;
  returned: (id: string) => void;
  rejected: (item: RejectedItem) => void;
  /** Whether to call `saveInHand`. Apart from it, because it is asked after every element and waits for nothing. */
  isDue: () => boolean;
  /** Begins to save the batch in hand. Waits while as many are being saved as may be. */
  saveInHand: () => Promise<void>;
  /** Saves the batch in hand and waits until all are saved. */
  drain: () => Promise<void>;
};

/**
 * Gathers what was read into batches and saves those, some at once. The first that cannot be saved is the last: from
 * then on `saveInHand` and `drain` reject with what it failed with.
 * @param unread How many cases of the list are still to be read, about; null when nobody knows.
 */
export function createBatches(save: (batch: Batch) => Promise<void>, unread: () => number | null): Batches {
  let batch = emptyBatch();
  let bytes = 0;
  const saving = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const size = () => batch.read.length + batch.renewed.length + batch.returned.length + batch.rejected.length;
  const isDue = () =>
    failures.length > 0 || size() >= (saving.size === 0 ? earlyCases(unread()) : BATCH_CASES) || bytes >= BATCH_BYTES;

  const begin = (): void => {
    if (size() === 0) return;
    const task: Promise<void> = save(batch)
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => saving.delete(task));
    saving.add(task);
    batch = emptyBatch();
    bytes = 0;
  };

  const throwFailure = (): void => {
    if (failures.length > 0) throw failures[0];
  };

  return {
    read(one, documentBytes) {
      batch.read.push(one);
      bytes += documentBytes;
    },
    renewed(one) {
      batch.renewed.push(one);
    },
    returned(id) {
      batch.returned.push(id);
    },
    rejected(item) {
      batch.rejected.push(item);
      bytes += item.body?.length ?? 0;
    },
    isDue,
    async saveInHand() {
      throwFailure();
      begin();
      if (saving.size >= BATCHES_AT_ONCE) await Promise.race(saving);
      throwFailure();
    },
    async drain() {
      if (failures.length === 0) begin();
      await Promise.all(saving);
      throwFailure();
    },
  };
}

/** No more than can be saved while the rest of the list is read: at its end nobody reads beside. */
function earlyCases(unread: number | null): number {
  const most = Math.min(EARLY_CASES, (unread ?? Number.POSITIVE_INFINITY) / READ_PER_SAVED);
  return most < FEWEST_CASES ? EARLY_CASES : most;
}

function emptyBatch(): Batch {
  return { read: [], renewed: [], returned: [], rejected: [] };
}
