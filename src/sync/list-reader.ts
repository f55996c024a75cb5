import type { Case, Micros, Parsed, Rejection } from '../model/case.ts';
import type { Element, ListReader } from '../model/list.ts';
import type { Progress } from '../model/run.ts';
import { type Batch, Batcher, type Saved } from './batcher.ts';
import type { CaseIndex, Marks } from './case-index.ts';
import { createRejections } from './list-rejections.ts';
import { transitionsOf, transitionsOfKnown } from './transitions.ts';

/** What the reader needs of the outside. */
export type ReaderParts = {
  index: CaseIndex;
  parse: (element: Element) => Parsed;
  contentHash: (document: Buffer) => Buffer | null;
  saveBatch: (batch: Batch) => Promise<Saved>;
  /** When the events of a case were recorded first, by event id. */
  recordedTimes: (caseId: string) => Promise<Map<number, Micros>>;
  /** Whether a document says what is stored of the case. */
  sameContent: (caseId: string, document: Buffer) => Promise<boolean>;
  /** Called once, before the first answer is read. */
  prepare: () => Promise<void>;
};

export type Reader = ListReader & {
  /** There will be a list to read: prepares for it while it is asked for. */
  expect: () => void;
  /** Saves what was read and not saved yet, and waits until all is saved. Rejects with the error of a batch that failed. */
  drain: () => Promise<void>;
  /** Ids of the cases that should have been in the answer and were not; uncertain if a rejected item may be one. */
  gone: () => { ids: string[]; certain: boolean };
  /** Of the items in the answer that nobody can read. */
  rejectedFingerprints: () => Buffer[];
  progress: () => Omit<Progress, 'bytesRead' | 'requests' | 'retries'>;
};

const OTHER_CONTENT = 'the answer already had this case with other content; the first one stands';

/** Takes an answer apart: skips what is as it was, parses the rest, derives transitions, saves in batches. */
export function createReader({
  index,
  parse,
  contentHash,
  saveBatch,
  recordedTimes,
  sameContent,
  prepare,
}: ReaderParts): Reader {
  let recorded = { events: 0, transitions: 0 };
  let preparing: Promise<void> | null = null;

  const save = async (full: Batch): Promise<void> => {
    const saved = await saveBatch(full);
    recorded = {
      events: recorded.events + saved.events,
      transitions: recorded.transitions + saved.transitions,
    };
    for (const { id, known } of full.read) {
      index.settle(index.withId(id), known ? (saved.updated.has(id) ? 'updated' : 'unchanged') : 'created');
    }
    for (const { id } of full.renewed) index.settle(index.withId(id), 'unchanged');
  };

  const batcher = new Batcher(save);
  const rejections = createRejections(index.withId);

  const returnAsBefore = (position: number): void => {
    index.welcome(position);
    batcher.addReturned(index.idOf(position));
  };

  const skip = (position: number): void => {
    if (index.isSeen(position)) return;
    index.see(position);
    index.settle(position, 'unchanged');
    if (index.isMissing(position)) returnAsBefore(position);
  };

  /** Its bytes are not what they were, but what they say is. */
  const renew = (position: number, marks: Marks): void => {
    if (index.isSeen(position)) return;
    index.see(position);
    index.renew(position, marks);
    batcher.addRenewed({ id: index.idOf(position), ...marks });
    if (index.isMissing(position)) returnAsBefore(position);
  };

  const reject = (element: Element, rejection: Rejection): void => {
    const position = rejections.add(element.fingerprint, rejection);
    // In the list again, though not readable: what was known of it before holds.
    if (position !== -1 && index.isMissing(position)) returnAsBefore(position);
    batcher.addRejected({ rejection, fingerprint: element.fingerprint, body: element.bytes?.toString() ?? null });
  };

  const take = async (read: Case, marks: Marks): Promise<void> => {
    const held = index.withId(read.id);
    const position = held === -1 ? index.add(read.id, marks) : held;
    if (held !== -1) index.renew(position, marks);
    index.see(position);
    if (index.isMissing(position)) index.welcome(position);
    const { id, document } = read;
    const transitions = held === -1 ? transitionsOf(read) : await transitionsOfKnown(read, recordedTimes);
    // A copy, because the element is a view that would keep its whole chunk in memory until the batch is saved.
    batcher.addRead({ id, document: Buffer.from(document), ...marks, transitions, known: held !== -1 });
  };

  const prepared = (): Promise<void> => {
    preparing ??= prepare();
    return preparing;
  };

  const hashOf = ({ bytes }: Element): Buffer | null => (bytes === null ? null : contentHash(bytes));

  const readElement = async (element: Element): Promise<void> => {
    const { fingerprint } = element;
    const same = index.withFingerprint(fingerprint);
    if (same !== -1) return skip(same);
    // Not before a case of the account has a hash to compare with, so that a first load does not pay for hashes.
    let hash = index.hasContentHashes() ? hashOf(element) : null;
    const reordered = hash === null ? -1 : index.withContent(hash);
    if (reordered !== -1) return renew(reordered, { fingerprint, contentHash: hash });
    const parsed = parse(element);
    if (parsed.kind === 'rejected') return reject(element, parsed.rejection);
    const known = index.withId(parsed.case.id);
    // The bytes of this case change: the next time, only its keys may be in another order.
    if (known !== -1) hash ??= hashOf(element);
    if (known === -1 || !index.isSeen(known)) return take(parsed.case, { fingerprint, contentHash: hash });
    // The first one may still be on its way to the database, which is what compares them.
    await batcher.drain();
    if (await sameContent(parsed.case.id, parsed.case.document)) return;
    reject(element, { caseId: parsed.case.id, path: 'id', reason: OTHER_CONTENT });
  };

  return {
    expect() {
      // What fails here fails for the answer, if there is one.
      prepared().catch(() => {});
    },
    async begin() {
      await batcher.drain();
      await prepared();
      index.beginAnswer();
      rejections.beginAnswer();
    },
    isKnown: (fingerprint) => index.withFingerprint(fingerprint) !== -1,
    skip(fingerprint) {
      const position = index.withFingerprint(fingerprint);
      if (position === -1 || index.isMissing(position)) return false;
      skip(position);
      return true;
    },
    async takeElements(elements) {
      for (const element of elements) {
        await readElement(element);
        await batcher.saveIfFull();
      }
    },
    drain: () => batcher.drain(),
    gone: () => ({
      ids: index.unseen().filter((id) => !rejections.has(index.withId(id))),
      certain: !rejections.haveNameless(),
    }),
    rejectedFingerprints: rejections.fingerprints,
    progress() {
      const { created, updated, unchanged, returned } = index.tally();
      return {
        casesCreated: created,
        casesUpdated: updated,
        casesUnchanged: unchanged,
        casesReturned: returned,
        eventsRecorded: recorded.events,
        transitionsRecorded: recorded.transitions,
        itemsRejected: rejections.count(),
      };
    },
  };
}
