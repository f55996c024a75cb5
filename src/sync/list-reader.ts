import type { Case, Rejection } from '../model/case.ts';
import type { Element, ListReader } from '../model/list.ts';
import type { OpenRun, Progress } from '../model/run.ts';
import type { ReadCase } from './batcher.ts';
import { type CaseHashes, CaseIndex } from './case-index.ts';
import { CaseRecorder } from './case-recorder.ts';
import type { AbsentCases } from './missing-guard.ts';
import type { Destination, Source } from './parts.ts';
import { transitionsOf, transitionsOfKnown } from './transitions.ts';

/** The rejected items of the response that is being read. */
type Rejections = {
  fingerprints: Buffer[];
  /** Positions of those of their cases that are stored. They are in the list, and not missing. */
  positions: Set<number>;
  /** How many have an id that cannot be read. Such an item may be any case. */
  unreadable: number;
};

const OTHER_CONTENT = 'the answer already had this case with other content; the first one stands';

/** Reads a list: skips unchanged cases, parses the others, derives their transitions and saves them in batches. */
export class CaseListReader implements ListReader {
  readonly #run: OpenRun;
  readonly #index = new CaseIndex();
  readonly #source: Source;
  readonly #destination: Destination;
  readonly #recorder: CaseRecorder;
  #rejections = noRejections();
  #prepared: Promise<void> | null = null;

  constructor(run: OpenRun, { source, destination }: { source: Source; destination: Destination }) {
    this.#run = run;
    this.#source = source;
    this.#destination = destination;
    this.#recorder = new CaseRecorder(this.#index, (batch) => destination.saveBatch(run, batch));
  }

  /** Loads the account's cases, once; rejects with the same error as `begin` would. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#load();
    return this.#prepared;
  }

  async begin(): Promise<void> {
    await this.drain();
    await this.prepare();
    this.#index.beginResponse();
    this.#rejections = noRejections();
  }

  isKnown(fingerprint: Buffer): boolean {
    return this.#index.withFingerprint(fingerprint) !== -1;
  }

  skip(fingerprint: Buffer): boolean {
    const position = this.#index.withFingerprint(fingerprint);
    // A missing case is not skipped, because its return has to be saved.
    if (position === -1 || this.#index.isMissing(position)) return false;
    this.#addUnchanged(position);
    return true;
  }

  async takeElement(element: Element): Promise<void> {
    await this.#readCase(element);
    await this.#recorder.saveIfFull();
  }

  /** Saves the cases that were read and waits until all are saved; rejects with the error of a batch that failed. */
  drain(): Promise<void> {
    return this.#recorder.drain();
  }

  /** Cases that were in the list before and are not in the response. */
  absent(): AbsentCases {
    const { positions, unreadable } = this.#rejections;
    const ids = this.#index.unseenIds().filter((id) => !positions.has(this.#index.withId(id)));
    return { ids, presentBefore: this.#index.presentBefore, unreadable };
  }

  rejectedFingerprints(): Buffer[] {
    return this.#rejections.fingerprints;
  }

  /** The problems of cases that the run has recorded, by their path without ids and positions. */
  recordedProblems(): ReadonlyMap<string, number> {
    return this.#recorder.recordedProblems();
  }

  progress(): Omit<Progress, 'bytesRead' | 'requests' | 'retries'> {
    return { ...this.#recorder.counts(), itemsRejected: this.#rejections.fingerprints.length };
  }

  async #load(): Promise<void> {
    await this.#destination.forgetEtag(this.#run);
    await this.#destination.packedCases(this.#run.accountId, (page) => this.#index.load(page));
  }

  async #readCase(element: Element): Promise<void> {
    // A copy, because the next element overwrites it.
    const fingerprint = Buffer.from(element.fingerprint);
    const unchanged = this.#index.withFingerprint(fingerprint);
    if (unchanged !== -1) return this.#addUnchanged(unchanged);
    // Useless while no case of the account has a content hash. So a first load does not pay for hashes.
    let contentHash = this.#index.hasContentHashes ? this.#contentHash(element) : null;
    const reordered = contentHash === null ? -1 : this.#index.withContentHash(contentHash);
    if (reordered !== -1) return this.#addReordered(reordered, { fingerprint, contentHash });
    const parsed = this.#source.parse(element);
    if (parsed.kind === 'rejected') return this.#reject(element, parsed.rejection);
    const known = this.#index.withId(parsed.case.id);
    if (known === -1) return this.#addNew(parsed.case, { fingerprint, contentHash });
    if (this.#index.isSeen(known)) return this.#readAgain(parsed.case, element);
    // The next time, this document may come with its keys in another order.
    contentHash ??= this.#contentHash(element);
    return this.#addChanged(known, parsed.case, { fingerprint, contentHash });
  }

  #contentHash({ bytes }: Element): Buffer | null {
    return bytes === null ? null : this.#source.contentHash(bytes);
  }

  #addNew(read: Case, hashes: CaseHashes): void {
    const position = this.#index.add(read.id, hashes);
    this.#index.markSeen(position);
    this.#record(position, read, { ...hashes, transitions: transitionsOf(read), known: false });
  }

  async #addChanged(position: number, read: Case, hashes: CaseHashes): Promise<void> {
    this.#index.replaceHashes(position, hashes);
    this.#index.markSeen(position);
    const transitions = await transitionsOfKnown(read, () =>
      this.#destination.recordedTimes(this.#run.accountId, read.id),
    );
    this.#record(position, read, { ...hashes, transitions, known: true });
  }

  #record(position: number, read: Case, rest: Pick<ReadCase, keyof CaseHashes | 'transitions' | 'known'>): void {
    const { id, hasErrors, problems, readable } = read;
    // A copy, because the element is overwritten by the next one, or is a view that keeps a whole chunk in memory.
    this.#recorder.addRead(position, {
      id,
      document: Buffer.from(read.document),
      hasErrors,
      problems,
      readable,
      ...rest,
    });
  }

  #addReordered(position: number, hashes: CaseHashes): void {
    if (this.#index.isSeen(position)) return;
    this.#index.markSeen(position);
    this.#index.replaceHashes(position, hashes);
    this.#recorder.addReordered(position, hashes);
  }

  #addUnchanged(position: number): void {
    if (this.#index.isSeen(position)) return;
    this.#index.markSeen(position);
    this.#recorder.addUnchanged(position);
  }

  /** Takes a case that the response already had: ignored if its content is equal, else rejected. */
  async #readAgain(read: Case, element: Element): Promise<void> {
    // The database compares the two, so the first one has to be saved.
    await this.#recorder.drain();
    if (await this.#destination.hasSameContent(this.#run.accountId, read.id, read.document)) return;
    this.#reject(element, { caseId: read.id, path: 'id', reason: OTHER_CONTENT });
  }

  #reject(element: Element, rejection: Rejection): void {
    const fingerprint = Buffer.from(element.fingerprint);
    this.#rejections.fingerprints.push(fingerprint);
    if (rejection.caseId === null) this.#rejections.unreadable += 1;
    const position = rejection.caseId === null ? -1 : this.#index.withId(rejection.caseId);
    if (position !== -1) {
      this.#rejections.positions.add(position);
      // A case that was missing has returned, though it cannot be read. Its last document becomes current again.
      this.#recorder.addReturnIfMissing(position);
    }
    this.#recorder.addRejected({ rejection, fingerprint, body: storableText(element) });
  }
}

function noRejections(): Rejections {
  return { fingerprints: [], positions: new Set(), unreadable: 0 };
}

/** The element as text that Postgres can store: in one that is not JSON, any byte can stand. */
function storableText({ bytes }: Element): string | null {
  return bytes === null ? null : bytes.toString().replaceAll('\0', '\ufffd');
}
