import type { ErrorCode } from './sync-error.ts';

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

/** The seconds from a run's start to its end, or to its last heartbeat if its worker died. */
export function durationSeconds(row: RunRow): number {
  return ((row.finished_at ?? row.heartbeat_at).getTime() - row.started_at.getTime()) / 1000;
}
