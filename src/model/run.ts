import type { ErrorCode, SyncError } from './sync-error.ts';

/** `trigger` in cdd.sync_runs. */
export type RunTrigger = 'schedule' | 'manual' | 'webhook';

/** `state` in cdd.sync_runs. */
export type RunState = 'running' | 'succeeded' | 'partial' | 'failed' | 'abandoned';

/** The problems of a list that was read whole. They last as long as the API answers 304 to the list's etag. */
type ListProblems = {
  itemsRejected: number;
  missingHeldBack: number;
  error: { code: ErrorCode; message: string } | null;
};

/** A running run, which holds its account's lock. */
export type OpenRun = {
  accountId: string;
  /** uuid */
  id: string;
  /** The etag of the last list, the key of the request it belongs to, and the problems of that list. */
  etag: { value: string; request: string; problems: ListProblems } | null;
  /** The time up to which the run records in the future, because the database's clock was ahead once; else null. */
  clockAheadUntil: Date | null;
  /** Whether the account's label is another than the reports on cases show. */
  isRenamed: boolean;
};

/** The counters of a run so far; see the comments on cdd.sync_runs. */
export type Progress = {
  casesCreated: number;
  casesUpdated: number;
  casesUnchanged: number;
  casesReturned: number;
  eventsRecorded: number;
  transitionsRecorded: number;
  itemsRejected: number;
  bytesRead: number;
  requests: number;
  retries: number;
};

/** The result of a run that read its list to the end, or found it not modified. */
export type RunResult = ListProblems & {
  notModified: boolean;
  /** Ids of the cases to mark missing; empty unless the list was complete, unfiltered and accepted by the guard. */
  missing: string[];
  /** Whether the list was unfiltered; a filtered one proves nothing about items outside it. */
  unfiltered: boolean;
  /** Fingerprints of the rejected items. */
  rejected: Buffer[];
  /** The list's etag. Not stored if the guard did not believe the list, so that the next run reads it again. */
  etag: { value: string; request: string } | null;
  /** An etag with which the API refused the request. It is remembered, and not stored again. */
  refusedEtag?: string | undefined;
};

/** A row of cdd.sync_runs. */
export type RunRow = {
  id: string;
  account_id: string;
  trigger: RunTrigger;
  state: RunState;
  started_at: Date;
  heartbeat_at: Date;
  finished_at: Date | null;
  complete: boolean;
  not_modified: boolean;
  cases_seen: number;
  cases_created: number;
  cases_updated: number;
  cases_unchanged: number;
  cases_missing: number;
  cases_returned: number;
  missing_held_back: number;
  events_recorded: number;
  transitions_recorded: number;
  items_rejected: number;
  bytes_read: number;
  requests: number;
  retries: number;
  error_code: ErrorCode | null;
  error_message: string | null;
};

/** The counters under the names of their columns in cdd.sync_runs. */
export function counterColumns(progress: Progress) {
  return {
    cases_seen: progress.casesCreated + progress.casesUpdated + progress.casesUnchanged,
    cases_created: progress.casesCreated,
    cases_updated: progress.casesUpdated,
    cases_unchanged: progress.casesUnchanged,
    cases_returned: progress.casesReturned,
    events_recorded: progress.eventsRecorded,
    transitions_recorded: progress.transitionsRecorded,
    items_rejected: progress.itemsRejected,
    bytes_read: progress.bytesRead,
    requests: progress.requests,
    retries: progress.retries,
  } satisfies Partial<RunRow>;
}

/** The columns of a run that ends with this result; the number of missing cases is added when they are marked. */
export function resultColumns(result: RunResult, progress: Progress) {
  return {
    state: result.itemsRejected > 0 || result.missingHeldBack > 0 ? 'partial' : 'succeeded',
    complete: !result.notModified,
    not_modified: result.notModified,
    missing_held_back: result.missingHeldBack,
    error_code: result.error?.code ?? null,
    error_message: result.error?.message ?? null,
    ...counterColumns({ ...progress, itemsRejected: result.itemsRejected }),
  } satisfies Partial<RunRow>;
}

/** The columns of a run that ends with an error. */
export function failureColumns(error: SyncError, progress: Progress) {
  return {
    state: 'failed',
    error_code: error.code,
    error_message: error.message,
    ...counterColumns(progress),
  } satisfies Partial<RunRow>;
}

/** The seconds from a run's start to its end, or to its last heartbeat if its worker died. */
export function durationSeconds(row: RunRow): number {
  return ((row.finished_at ?? row.heartbeat_at).getTime() - row.started_at.getTime()) / 1000;
}
