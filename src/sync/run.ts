import { type Account, isFiltered } from '../model/account.ts';
import { newTraffic, type Traffic } from '../model/list.ts';
import type { OpenRun, Progress, RunResult, RunRow, RunTrigger } from '../model/run.ts';
import { SyncError } from '../model/sync-error.ts';
import { startHeartbeat } from './heartbeat.ts';
import { CaseListReader } from './list-reader.ts';
import { guardMissing, type MissingGuard } from './missing-guard.ts';
import type { Destination, Source } from './parts.ts';

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
  /** Called when the run has begun, with a function that tells its counters at any time. */
  onStart?: (progress: () => Progress) => void;
  /** Called at every heartbeat. */
  onProgress?: (progress: Progress) => void;
  /** Called at the end of a run that recorded problems of cases, with their number by path: `events[].created_at`. */
  onProblems?: (problems: ReadonlyMap<string, number>) => void;
  /** Called with the error that ends the run, before its row is closed. */
  onFailure?: (error: SyncError) => void;
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
  const reader = new CaseListReader(run, parts);
  const progress = (): Progress => ({ ...reader.progress(), ...traffic });
  request.onStart?.(progress);
  const heartbeat = startHeartbeat(parts.heartbeatMs, async () => {
    request.onProgress?.(progress());
    return destination.saveHeartbeat(run, progress());
  });
  let row: RunRow;
  try {
    const signal = AbortSignal.any([request.signal, heartbeat.lost]);
    const result = await readList({ request, run, reader, signal, traffic }, parts);
    // The closing transaction locks the run's row, so no other worker can take over. A heartbeat would wait for that
    // lock.
    heartbeat.stop();
    row = await destination.closeRun(run, { result, progress: progress() });
  } catch (error) {
    // Saves all documents that were read, also of a broken response. If a batch fails, `error` is its error already.
    await reader.drain().catch(() => {});
    if (!(error instanceof SyncError)) throw error;
    request.onFailure?.(error);
    row = await destination.failRun(run, { error: namedError(account, error), progress: progress() });
  } finally {
    heartbeat.stop();
    const problems = reader.recordedProblems();
    if (problems.size > 0) request.onProblems?.(problems);
  }
  // Not inside the try: an error of the reports must not fail a run that is closed.
  await destination.updateReports(row);
  return row;
}

/** The error with the account's id in its message: some functions that throw do not know the account. */
function namedError({ id }: Account, error: SyncError): SyncError {
  if (error.message.includes(id)) return error;
  return new SyncError(error.code, `${id}: ${error.message}`, { cause: error.cause, retryable: error.retryable });
}

type RunContext = {
  request: SyncRequest;
  run: OpenRun;
  reader: CaseListReader;
  signal: AbortSignal;
  traffic: Traffic;
};

async function readList({ request, run, reader, signal, traffic }: RunContext, parts: SyncParts): Promise<RunResult> {
  const { account } = request;
  const key = parts.source.listRequestKey(account);
  const before = usableEtag(request, run, key);
  const etag = before?.value ?? null;
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
    itemsRejected: reader.progress().itemsRejected,
    rejected: reader.rejectedFingerprints(),
    etag: list.etag === null ? null : { value: list.etag, request: key },
    refusedEtag: list.refusedEtag,
    error: null,
  };
  if (list.notModified) return { ...result, ...before?.problems };
  if (!unfiltered) return result;
  const { acceptMissing } = request;
  const limits = { accountId: account.id, guard: parts.missingGuard, acceptMissing };
  return { ...result, ...guardMissing(reader.absent(), limits) };
}

/** The etag of the same request. None if the list has to be read again to mark the cases that it held back. */
function usableEtag({ acceptMissing }: SyncRequest, { etag }: OpenRun, key: string): OpenRun['etag'] {
  if (etag?.request !== key) return null;
  return acceptMissing && etag.problems.error !== null ? null : etag;
}
