import pLimit from 'p-limit';
import packageContent from '../package.json' with { type: 'json' };
import type { Config } from './config/config.ts';
import { findDatabase, type Server } from './database-server.ts';
import { tables, tablesToCompare } from './destination.ts';
import { listRequestKey } from './dintero/cases/list-endpoint.ts';
import { PARSER_VERSION, parseItem } from './dintero/cases/parse.ts';
import { DinteroClient } from './dintero/client.ts';
import { type Clock, systemClock } from './http/clock.ts';
import { createContentHasher } from './json-list/content-hash.ts';
import type { Log } from './log.ts';
import { logHoldChange } from './log-lines.ts';
import type { SyncError } from './model/sync-error.ts';
import { holdRequests, remainingHold } from './store/accounts/rate-limit-holds.ts';
import { type Database, openDatabase } from './store/postgres/pool.ts';
import type { SyncParts } from './sync/run.ts';

/** A run without a heartbeat for `leaseMs` counts as dead, and another worker may take over its account. */
export type Lease = { leaseMs: number; heartbeatMs: number };

const LEASE: Lease = { leaseMs: 30_000, heartbeatMs: 5_000 };

/** Wires a run's dependencies: the API as the source, the database as the destination. */
export function syncParts(
  config: Pick<Config, 'api' | 'concurrency' | 'personalData' | 'missingGuard'>,
  {
    database,
    leaseMs = LEASE.leaseMs,
    heartbeatMs = LEASE.heartbeatMs,
    clock = systemClock,
    log,
    isOutageTold = () => false,
    isDryRun = false,
    isErasing = false,
  }: {
    database: Database;
    clock?: Clock;
    log?: Log;
    /** Whether the log already has an outage of Postgres: failed reports are at debug then. */
    isOutageTold?: () => boolean;
    /** Whether runs only compare: nothing is written. */
    isDryRun?: boolean;
    /** Whether due cases are erased after runs. */
    isErasing?: boolean;
  } & Partial<Lease>,
): SyncParts & { dintero: DinteroClient } {
  const { personalData } = config;
  const salt = `parser ${PARSER_VERSION}, personal data ${personalData}`;
  const { host } = new URL(config.api.baseUrl);
  // A process reads documents for about two batches at a time. Without a limit, runs that start together would all save
  // at once, and then all wait for the API at once.
  const limitBatches = pLimit(Math.max(2, Math.ceil(config.concurrency / 4)));
  const dintero = new DinteroClient({
    api: config.api,
    salt,
    clock,
    version: packageContent.version,
    sharedHolds: {
      remaining: (accountId) => remainingHold(database, { host, accountId }),
      hold: async (accountId, times) => {
        if (!isDryRun) await holdRequests(database, { host, accountId }, times);
      },
    },
    onHoldChange: log && ((change) => logHoldChange(log, host, change)),
  });
  const options = { personalData, limitBatches, leaseMs, log, isOutageTold, isErasing };
  return {
    dintero,
    source: {
      readList: (account, options) => dintero.readList(account, options),
      parse: parseItem,
      contentHash: createContentHasher(salt),
      listRequestKey: (account) => listRequestKey(account, config.api, salt),
    },
    destination: isDryRun ? tablesToCompare(database, options) : tables(database, options),
    missingGuard: config.missingGuard,
    heartbeatMs,
  };
}

/** The connections and dependencies of a command that syncs. Disposing closes all, the embedded Postgres last. */
export type App = Server & {
  database: Database;
  parts: SyncParts;
  dintero: DinteroClient;
  /** Passes every error of Postgres to the watch, which alone logs outages. */
  watchDatabase: (watch: { failed: (error: SyncError) => void; readonly reason: string | null }) => void;
};

/** Connections of the pool that `openApp` opens. */
export function poolSize({ concurrency }: Pick<Config, 'concurrency'>): number {
  return concurrency * 2 + 2;
}

/**
 * Connects to the database and creates the API client. Also logs the configuration's warnings. `alternative` ends the
 * error of an embedded Postgres that does not start.
 */
export async function openApp(
  config: Config,
  log: Log,
  { lease = LEASE, ...options }: Parameters<typeof findDatabase>[2] & { lease?: Lease | undefined } = {},
): Promise<App> {
  for (const warning of config.warnings) log.warn(warning);
  const server = await findDatabase(config, log, options);
  const database = openDatabase(server.url, { connections: poolSize(config) });
  let isOutageTold = () => false;
  const parts = syncParts(config, {
    ...lease,
    database,
    log,
    isOutageTold: () => isOutageTold(),
    isErasing: config.retention.erase === 'automatic',
  });
  const { dintero } = parts;
  return {
    url: server.url,
    explainOutage: server.explainOutage,
    database,
    parts,
    dintero,
    watchDatabase(watch) {
      database.listenToErrors((error) => watch.failed(error));
      isOutageTold = () => watch.reason !== null;
    },
    async [Symbol.asyncDispose]() {
      dintero.close();
      await database.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
