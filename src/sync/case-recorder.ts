import { type Batch, Batcher, type ReadCase, type RejectedItem, type Saved } from './batcher.ts';
import type { CaseHashes, CaseIndex } from './case-index.ts';
import { CaseOutcomes } from './case-outcomes.ts';

/** Saves the cases of a run in batches and counts the outcomes. */
export class CaseRecorder {
  readonly #index: CaseIndex;
  readonly #outcomes = new CaseOutcomes();
  readonly #batcher: Batcher;
  #events = 0;
  #transitions = 0;
  readonly #problems = new Map<string, number>();

  constructor(index: CaseIndex, saveBatch: (batch: Batch) => Promise<Saved>) {
    this.#index = index;
    this.#batcher = new Batcher(async (batch) => this.#recordSaved(batch, await saveBatch(batch)));
  }

  /** Adds a new case, or one that may have changed. */
  addRead(position: number, one: ReadCase): void {
    if (this.#index.isMissing(position)) this.#markReturned(position);
    this.#batcher.addRead(one);
  }

  /** Adds a case with the stored content in other bytes. */
  addReordered(position: number, hashes: CaseHashes): void {
    this.#batcher.addReordered({ id: this.#index.idOf(position), ...hashes });
    this.addReturnIfMissing(position);
  }

  addUnchanged(position: number): void {
    this.#outcomes.record(position, 'unchanged');
    this.addReturnIfMissing(position);
  }

  /** Adds the return of a case that was missing. */
  addReturnIfMissing(position: number): void {
    if (!this.#index.isMissing(position)) return;
    this.#markReturned(position);
    this.#batcher.addReturned(this.#index.idOf(position));
  }

  addRejected(item: RejectedItem): void {
    this.#batcher.addRejected(item);
  }

  saveIfFull(): Promise<void> {
    return this.#batcher.saveIfFull();
  }

  /** Saves all cases that were added, and waits; rejects with the error of a batch that failed. */
  drain(): Promise<void> {
    return this.#batcher.drain();
  }

  /** The counters of the run so far, under their names in `Progress`. */
  counts() {
    const { created, updated, unchanged, returned } = this.#outcomes.count();
    return {
      casesCreated: created,
      casesUpdated: updated,
      casesUnchanged: unchanged,
      casesReturned: returned,
      eventsRecorded: this.#events,
      transitionsRecorded: this.#transitions,
    };
  }

  /** The problems that the run has recorded, by path. */
  recordedProblems(): ReadonlyMap<string, number> {
    return this.#problems;
  }

  #markReturned(position: number): void {
    this.#index.markReturned(position);
    this.#outcomes.recordReturn(position);
  }

  #recordSaved(batch: Batch, saved: Saved): void {
    this.#events += saved.events;
    this.#transitions += saved.transitions;
    for (const [path, count] of saved.problems) this.#problems.set(path, (this.#problems.get(path) ?? 0) + count);
    for (const { id, known } of batch.read) {
      const outcome = known ? (saved.updated.has(id) ? 'updated' : 'unchanged') : 'created';
      this.#outcomes.record(this.#index.withId(id), outcome);
    }
    for (const { id } of batch.reordered) this.#outcomes.record(this.#index.withId(id), 'unchanged');
  }
}
