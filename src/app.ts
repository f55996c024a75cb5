import pLimit from 'p-limit';
import packageContent from '../package.json' with { type: 'json' };
import type { Config } from './config/config.ts';
import { listRequestKey } from './dintero/cases/list-endpoint.ts';
import { PARSER_VERSION, parseItem } from './dintero/cases/parse.ts';
import { DinteroClient } from './dintero/client.ts';
import { startEmbedded } from './embedded-postgres/server.ts';
import { type Clock, systemClock } from './http/clock.ts';
import { collectBuffers } from './http/collect-buffers.ts';
import { createContentHasher } from './json-list/content-hash.ts';
import type { Log } from './log.ts';
import { holdHost, remainingHoldMs } from './store/accounts/rate-limit-holds.ts';
import { packedCases, recordedTimes, sameContent } from './store/cases/queries.ts';
import { saveBatch } from './store/cases/save-batch.ts';
import { type Database, openDatabase } from './store/postgres/pool.ts';
import { updateReports } from './store/reports/after-run.ts';
import { closeRun, failRun, forgetEtag, openRun, saveHeartbeat } from './store/runs/runs.ts';
import type { SyncParts } from './sync/run.ts';

/** How often a run shows that it lives, and after how long without that it counts as dead; milliseconds. */
const HEARTBEAT_MS = 5_000;
const LEASE_MS = 30_000;

/**
 * So many batches are saved at once, of all runs together: two are as many as one process can read documents for. Without
 * a limit, runs that begin together save together, then wait for the API together: docs/decisions.md, 54.
 */
const savedAtOnce = (concurrency: number): number => Math.max(2, Math.ceil(concurrency / 4));

/** Where the database is: the one that is configured, or the embedded one, started if it is not up. */
export async function findDatabase(
  { databaseUrl, home }: Pick<Config, 'databaseUrl' | 'home'>,
  log: Log,
): Promise<{ url: string; stop: () => Promise<void> }> {
  if (databaseUrl !== null) return { url: databaseUrl, stop: async () => {} };
  const embedded = await startEmbedded({ home });
  log.info({ started: embedded.started }, `embedded Postgres: ${embedded.url}`);
  return embedded;
}

/** The parts of a run, put together: the API as the source, the database as the destination. */
export function syncParts(
  config: Pick<Config, 'api' | 'concurrency' | 'personalData' | 'missingGuard'>,
  {
    database,
    leaseMs = LEASE_MS,
    heartbeatMs = HEARTBEAT_MS,
    clock = systemClock,
  }: { database: Database; leaseMs?: number; heartbeatMs?: number; clock?: Clock },
): SyncParts & { dintero: DinteroClient } {
  const keepPersonalData = config.personalData === 'keep';
  const salt = `parser ${PARSER_VERSION}, personal data ${config.personalData}`;
  const { host } = new URL(config.api.baseUrl);
  const inTurn = pLimit(savedAtOnce(config.concurrency));
  const dintero = new DinteroClient({
    api: config.api,
    salt,
    clock,
    version: packageContent.version,
    // Waiting together is a courtesy; that the database is away is for the run itself to say.
    sharedHold: {
      remainingMs: () => remainingHoldMs(database, host).catch(() => 0),
      extend: (ms) => holdHost(database, host, ms).catch(() => {}),
    },
  });
  return {
    dintero,
    source: {
      readList: (account, options) => dintero.readList(account, options),
      parse: parseItem,
      contentHash: createContentHasher(salt),
      listRequestKey: (account) => listRequestKey(account, config.api, salt),
    },
    destination: {
      openRun: (accountId, trigger) => openRun(database, { accountId, trigger, leaseMs }),
      saveHeartbeat: (run, progress) => saveHeartbeat(database, run, progress),
      forgetEtag: (accountId) => forgetEtag(database, accountId),
      packedCases: (accountId, take) => packedCases(database, accountId, { take, afterFetch: collectBuffers }),
      saveBatch: (run, batch) =>
        inTurn(() => saveBatch(database, batch, { accountId: run.accountId, runId: run.id, keepPersonalData })),
      recordedTimes: (accountId, caseId) => recordedTimes(database, { accountId, caseId }),
      sameContent: (accountId, caseId, document) =>
        sameContent(database, { accountId, caseId, document, keepPersonalData }),
      closeRun: (run, closing) => closeRun(database, run, closing),
      failRun: (run, failing) => failRun(database, run, failing),
      updateReports: (row) => updateReports(database, row),
    },
    missingGuard: config.missingGuard,
    heartbeatMs,
  };
}

/** Opens what a command that syncs works with. `close` ends it all, the embedded Postgres last. */
export async function openParts(config: Config, log: Log) {
  for (const warning of config.warnings) log.warn(warning);
  const { url, stop } = await findDatabase(config, log);
  const database = openDatabase(url, { connections: config.concurrency * 2 + 2 });
  const parts = syncParts(config, { database });
  return {
    url,
    database,
    parts,
    dintero: parts.dintero,
    async close() {
      parts.dintero.close();
      await database.close();
      await stop();
    },
  };
}
