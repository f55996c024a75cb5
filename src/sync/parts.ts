import type { Account } from '../model/account.ts';
import type { Micros, ParsedItem } from '../model/case.ts';
import type { Element, ListReader, ListResult, Traffic } from '../model/list.ts';
import type { OpenRun, Progress, RunResult, RunRow, RunTrigger } from '../model/run.ts';
import type { SyncError } from '../model/sync-error.ts';
import type { Batch, Saved } from './batcher.ts';

/** The source of cases, for all accounts. */
export type Source = {
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

/** The database, for all accounts. */
export type Destination = {
  openRun: (accountId: string, trigger: RunTrigger) => Promise<OpenRun | null>;
  /** Resolves to false if the run is no longer running. */
  saveHeartbeat: (run: OpenRun, progress: Progress) => Promise<boolean>;
  /** Does nothing if the run is no longer running. */
  forgetEtag: (run: OpenRun) => Promise<void>;
  packedCases: (accountId: string, take: (page: Buffer) => void) => Promise<void>;
  saveBatch: (run: OpenRun, batch: Batch) => Promise<Saved>;
  /** When the events of a case were first recorded, by event id. */
  recordedTimes: (accountId: string, caseId: string) => Promise<Map<number, Micros>>;
  /** Whether a document has the content that is stored of the case. */
  hasSameContent: (accountId: string, caseId: string, document: Buffer) => Promise<boolean>;
  closeRun: (run: OpenRun, closing: { result: RunResult; progress: Progress }) => Promise<RunRow>;
  failRun: (run: OpenRun, failing: { error: SyncError; progress: Progress }) => Promise<RunRow>;
  /** Called once, after the run's row is closed. Tells of its errors itself. */
  updateReports: (row: RunRow) => Promise<void>;
};
