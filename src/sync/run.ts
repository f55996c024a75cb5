import { type Account, isFiltered } from '../model/account.ts';
import type { Micros, ParsedItem } from '../model/case.ts';
import { type Element, type ListReader, type ListResult, newTraffic, type Traffic } from '../model/list.ts';
import type { OpenRun, Progress, RunResult, RunRow, RunTrigger } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import type { Batch, Saved } from './batcher.ts';
import { CaseIndex } from './case-index.ts';
import { startHeartbeat } from './heartbeat.ts';
import { CaseListReader } from './list-reader.ts';
import { guardMissing, type MissingGuard } from './missing-guard.ts';

/** The source of cases, for all accounts. */
type Source = {
  readList: (
    account: Account,
    options: { etag: string | null; signal: AbortSignal; traffic: Traffic; reader: ListReader },
  ) => Promise<ListResult>;
  parse: (element: Element) => ParsedItem;
  /** A hash of a document that does not depend on the order of keys; null for a document without one. */
  contentHash: (document: Buffer) => Buffer | null;
  /** A hash of everything that determines the list; an etag is valid only for the same hash. */
  listRequestKey: (account: Account) => string;
};

/** The database. */
type Destination = {
  openRun: (accountId: string, trigger: RunTrigger) => Promise<OpenRun | null>;
  /** Resolves to false if the run is no longer running. */
  saveHeartbeat: (run: OpenRun, progress: Progress) => Promise<boolean>;
  forgetEtag: (accountId: string) => Promise<void>;
  packedCases: (accountId: string, take: (page: Buffer) => void) => Promise<void>;
  saveBatch: (run: OpenRun, batch: Batch) => Promise<Saved>;
  recordedTimes: (accountId: string, caseId: string) => Promise<Map<number, Micros>>;
  hasSameContent: (accountId: string, caseId: string, document: Buffer) => Promise<boolean>;
  closeRun: (run: OpenRun, closing: { result: RunResult; progress: Progress }) => Promise<RunRow>;
  failRun: (run: OpenRun, failing: { error: SyncError; progress: Progress }) => Promise<RunRow>;
  /** Called after the run's row is closed. */
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
  /** Mark all absent cases missing, however many there are. */
  acceptMissing: boolean;
  signal: AbortSignal;
  /** Called at every heartbeat. */
  onProgress?: (progress: Progress) => void;
};

/**
 * One run: reads the account's list and updates the tables. Returns the run's row, in any final state; null if another
 * run of the account is running. A SyncError ends as a row with state `failed`.
 * @throws any other error, and a SyncError if the row cannot be closed. The next run of the account then declares this
 * one abandoned.
 */
export async function sync(request: SyncRequest, parts: SyncParts): Promise<RunRow | null> {
  const { account, trigger } = request;
  const { destination } = parts;
  const run = await destination.openRun(account.id, trigger);
  if (run === null) return null;

  const traffic = newTraffic();
  const index = new CaseIndex();
  const reader = createReader(run, index, parts);
  const progress = (): Progress => ({ ...reader.progress(), ...traffic });
  const heartbeat = startHeartbeat(parts.heartbeatMs, async () => {
    request.onProgress?.(progress());
    return destination.saveHeartbeat(run, progress());
  });
  try {
    const signal = AbortSignal.any([request.signal, heartbeat.lost]);
    const result = await readList({ request, run, index, reader, signal, traffic }, parts);
    // The closing transaction locks the run's row, so no other worker can take over. A heartbeat would wait for that
    // lock.
    heartbeat.stop();
    const row = await destination.closeRun(run, { result, progress: progress() });
    await destination.updateReports(row);
    return row;
  } catch (error) {
    // Saves all documents that were read, also of a broken response. If a batch fails, `error` is its error already.
    await reader.drain().catch(() => {});
    if (!(error instanceof SyncError)) throw error;
    const row = await destination.failRun(run, { error: namedError(account, error), progress: progress() });
    await destination.updateReports(row);
    return row;
  } finally {
    heartbeat.stop();
  }
}

/** The error with the account's id in its message: some functions that throw do not know the account. */
function namedError({ id }: Account, error: SyncError): SyncError {
  if (error.message.includes(id)) return error;
  return new SyncError(error.code, `${id}: ${error.message}`, { cause: error.cause, retryable: error.retryable });
}

function createReader(run: OpenRun, index: CaseIndex, { source, destination }: SyncParts): CaseListReader {
  return new CaseListReader({
    index,
    parse: source.parse,
    contentHash: source.contentHash,
    saveBatch: (batch) => destination.saveBatch(run, batch),
    recordedTimes: (caseId) => destination.recordedTimes(run.accountId, caseId),
    hasSameContent: (caseId, document) => destination.hasSameContent(run.accountId, caseId, document),
    prepare: async () => {
      await destination.forgetEtag(run.accountId);
      await destination.packedCases(run.accountId, (page) => index.load(page));
    },
  });
}

type RunContext = {
  request: SyncRequest;
  run: OpenRun;
  index: CaseIndex;
  reader: CaseListReader;
  signal: AbortSignal;
  traffic: Traffic;
};

async function readList(
  { request, run, index, reader, signal, traffic }: RunContext,
  parts: SyncParts,
): Promise<RunResult> {
  const { account } = request;
  const key = parts.source.listRequestKey(account);
  const etag = run.etag?.request === key ? run.etag.value : null;
  // Loads the index while the list is requested, unless the list may be unchanged. `begin` throws the same error again.
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
  const limits = { accountId: account.id, present: index.presentBefore, guard: parts.missingGuard, acceptMissing };
  return { ...result, ...guardMissing(reader.absent(), limits) };
}
