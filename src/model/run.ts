import type { ErrorCode } from './sync-error.ts';

export type RunTrigger = 'schedule' | 'manual' | 'webhook';

export type RunState = 'running' | 'succeeded' | 'partial' | 'failed' | 'abandoned';

/** A run that holds its account's lock. */
export type OpenRun = {
  accountId: string;
  /** uuid */
  id: string;
  /** What `If-None-Match` may say, if the request is the one the etag was given for. */
  etag: { value: string; request: string } | null;
};

/** What a run has counted so far; see the comments on cdd.sync_runs. */
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

/** How a run ended whose list was read to the end, or had not changed. */
export type Ending = {
  notModified: boolean;
  /** Ids of the cases to mark missing; empty unless the list was complete, unfiltered and accepted by the guard. */
  missing: string[];
  missingHeldBack: number;
  /** Whether everything the list has was in the answer; a filtered one says nothing of items that are not in it. */
  unfiltered: boolean;
  /** Fingerprints of the items that are in the list and cannot be read. */
  rejected: Buffer[];
  /** Null when the run is partial: the next one has to read the list again. */
  etag: OpenRun['etag'];
  error: { code: ErrorCode; message: string } | null;
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
