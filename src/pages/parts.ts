import type { Database } from '../store/postgres/pool.ts';
import type { Gate, ViewerSettings } from './access/gate.ts';
import type { ErrorLog, PagesLog } from './error-log.ts';
import type { LastKnown } from './last-known.ts';
import type { StaticFiles } from './static/files.ts';
import type { Viewer } from './viewer.ts';

/** The worker's part of the pages. */
export type PagesOptions = {
  /** The pages' own pool, see PAGE_POOL. */
  database: Database;
  /** The zone of days and times. */
  timezone: string;
  /** Empty = only a person at this machine may look. */
  viewers: readonly ViewerSettings[];
  log: PagesLog;
  /** The begin of the outage that the worker sees; null = none. Without it, the first page that failed counts. */
  outageSince?: () => Date | null;
  /** Milliseconds that a wrong token waits for its answer. */
  wrongTokenDelayMs?: number;
};

/** The options, and the parts that all routes share. */
export type Parts = PagesOptions & {
  gate: Gate;
  files: StaticFiles;
  lastKnown: LastKnown;
  errors: ErrorLog;
  /** Pages that have a connection now, and those of them that send a long file. */
  reading: { pages: number; longFiles: number };
};

/** A request that got in, and the parts that answer it. */
export type Asked = {
  url: URL;
  viewer: Viewer;
  params: Record<string, string>;
  parts: Parts;
  onError: (error: unknown) => void;
  /** Aborts when the reader has gone. */
  gone: AbortSignal;
  /** Whether an open page asks by itself, every 15 s. */
  isRefresh: boolean;
};
