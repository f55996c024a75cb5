import type { Account } from '../model/account.ts';
import { isFiltered } from '../model/account.ts';
import type { Micros, ParsedItem } from '../model/case.ts';
import { type Element, type ListReader, type ListResult, newTraffic, type Traffic } from '../model/list.ts';
import type { OpenRun, Progress, RunResult, RunRow, RunTrigger } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import type { Batch, Saved } from './batcher.ts';
import { CaseIndex } from './case-index.ts';
import { startHeartbeat } from './heartbeat.ts';
import { CaseListReader } from './list-reader.ts';
import { type MissingGuard, missingOf } from './missing-guard.ts';

/** What a run needs of the source. */
type Source = {
  readList: (
    account: Account,
    options: { etag: string | null; signal: AbortSignal; traffic: Traffic; reader: ListReader },
  ) => Promise<ListResult>;
  parse: (element: Element) => ParsedItem;
  /** A hash that is the same for a document with the same content and its keys in another order; null for none. */
  contentHash: (document: Buffer) => Buffer | null;
  /** A hash of everything that decides what the list says; an etag is good only for the same one. */
  listRequestKey: (account: Account) => string;
};

/** What a run needs of the destination. */
type Destination = {
  openRun: (accountId: string, trigger: RunTrigger) => Promise<OpenRun | null>;
  /** False when the run is no longer running. */
  saveHeartbeat: (run: OpenRun, progress: Progress) => Promise<boolean>;
  forgetEtag: (accountId: string) => Promise<void>;
  packedCases: (accountId: string, take: (page: Buffer) => void) => Promise<void>;
  saveBatch: (run: OpenRun, batch: Batch) => Promise<Saved>;
  recordedTimes: (accountId: string, caseId: string) => Promise<Map<number, Micros>>;
  sameContent: (accountId: string, caseId: string, document: Buffer) => Promise<boolean>;
  closeRun: (run: OpenRun, closing: { result: RunResult; progress: Progress }) => Promise<RunRow>;
  failRun: (run: OpenRun, failing: { error: SyncError; progress: Progress }) => Promise<RunRow>;
  /** What is done for those who read, once the run's row is closed. */
  updateReports: (row: RunRow) => Promise<void>;
};

export type SyncParts = {
  source: Source;
  destination: Destination;
  missingGuard: MissingGuard;
  heartbeatMs: number;
};

export type SyncRequest = {
  account: Account;
  trigger: RunTrigger;
  /** Mark missing what is missing, however many. */
  acceptMissing: boolean;
  signal: AbortSignal;
  /** Called at every heartbeat. */
  onProgress?: (progress: Progress) => void;
};

/**
 * One run: reads the account's list and brings the tables to what it says. Gives the run's row, whatever its state, or
 * null when another run of the account lives.
 * @throws whatever is no SyncError, and a SyncError when the run's row could not be closed; the row is then declared
 * abandoned by whoever comes next.
 */
export async function sync(request: SyncRequest, parts: SyncParts): Promise<RunRow | null> {
  const { account, trigger } = request;
  const { destination } = parts;
  const run = await destination.openRun(account.id, trigger);
  if (run === null) return null;

  const traffic = newTraffic();
  const index = new CaseIndex();
  const reader = readerOf(run, index, parts);
  const progress = (): Progress => ({ ...reader.progress(), ...traffic });
  const heartbeat = startHeartbeat(parts.heartbeatMs, async () => {
    request.onProgress?.(progress());
    return destination.saveHeartbeat(run, progress());
  });
  try {
    const signal = AbortSignal.any([request.signal, heartbeat.lost]);
    const result = await read({ request, run, index, reader, signal, traffic }, parts);
    // From here the transaction's lock on the run's row is the sign of life; a beat would only wait for it.
    heartbeat.stop();
    const row = await destination.closeRun(run, { result, progress: progress() });
    await destination.updateReports(row);
    return row;
  } catch (error) {
    // Every document that was read is kept, also from an answer that broke off. If a batch failed, `error` is from it.
    await reader.drain().catch(() => {});
    if (!(error instanceof SyncError)) throw error;
    const row = await destination.failRun(run, { error: naming(account, error), progress: progress() });
    await destination.updateReports(row);
    return row;
  } finally {
    heartbeat.stop();
  }
}

/** The error, saying whose run it ended: one born far from the account does not know. */
function naming({ id }: Account, error: SyncError): SyncError {
  if (error.message.includes(id)) return error;
  return new SyncError(error.code, `${id}: ${error.message}`, { cause: error.cause, retryable: error.retryable });
}

function readerOf(run: OpenRun, index: CaseIndex, { source, destination }: SyncParts): CaseListReader {
  return new CaseListReader({
    index,
    parse: source.parse,
    contentHash: source.contentHash,
    saveBatch: (batch) => destination.saveBatch(run, batch),
    recordedTimes: (caseId) => destination.recordedTimes(run.accountId, caseId),
    sameContent: (caseId, document) => destination.sameContent(run.accountId, caseId, document),
    prepare: async () => {
      await destination.forgetEtag(run.accountId);
      await destination.packedCases(run.accountId, (page) => index.load(page));
    },
  });
}

type Reading = {
  request: SyncRequest;
  run: OpenRun;
  index: CaseIndex;
  reader: CaseListReader;
  signal: AbortSignal;
  traffic: Traffic;
};

async function read({ request, run, index, reader, signal, traffic }: Reading, parts: SyncParts): Promise<RunResult> {
  const { account } = request;
  const key = parts.source.listRequestKey(account);
  const etag = run.etag?.request === key ? run.etag.value : null;
  // While the list is requested, unless it may be unchanged. An error here is an error of `begin` too.
  if (etag === null) reader.prepare().catch(() => {});
  const list = await parts.source.readList(account, { etag, signal, traffic, reader });
  await reader.drain();
  const unfiltered = !isFiltered(account.filters);
  const result: RunResult = {
    notModified: list.notModified,
    missing: [],
    missingHeldBack: 0,
    unfiltered,
    rejected: reader.rejectedFingerprints(),
    etag: list.etag === null ? null : { value: list.etag, request: key },
    error: null,
  };
  if (list.notModified || !unfiltered) return result;
  const { acceptMissing } = request;
  const judged = { accountId: account.id, present: index.presentBefore, guard: parts.missingGuard, acceptMissing };
  return { ...result, ...missingOf(reader.absent(), judged) };
}
