import type { CaseDocument } from '../reference/case-document.ts';
import type { Instant } from '../reference/instant.ts';
import type { Rig } from '../rig.ts';
import type { Reader } from './read-transaction.ts';

export type ReportedAccount = {
  id: string;
  label: string | null;
  schedule: string;
};

/** The facts known at an instant without a run under way. */
export type Snapshot = {
  knownAt: Instant;
  /** The newest document of every case, including cases that are not listed any more. */
  documents: ReadonlyMap<string, CaseDocument>;
  /** Since when cases are missing, as recorded in the database. */
  missingSince: ReadonlyMap<string, Instant>;
};

/** Accounts, and the documents that their runs read. */
export type SyncedLists = {
  accounts: readonly ReportedAccount[];
  snapshots: readonly Snapshot[];
  last: Snapshot;
  /** The account of each item that cannot be read. */
  unreadable: readonly string[];
};

/** The same, the rig that made them, and a connection that the rig closes with itself. */
export type SyncHistory = SyncedLists & { rig: Rig; reader: Reader };
