import { setTimeout as sleep } from 'node:timers/promises';
import { openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { explainOutages } from '../database-server.ts';
import type { Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { DatabaseError } from '../store/postgres/errors.ts';
import { runService } from '../worker/service.ts';
import { prepareDatabase } from './database.ts';
import type { CommandContext } from './process-context.ts';

/** Milliseconds before each further try of a start that the database interrupted. */
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000];

const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'];

/** Migrates, then runs the worker until the signal aborts. A database that is away for some seconds does not end it. */
export async function runStart(
  config: Config,
  { log, signal }: Omit<CommandContext, 'print' | 'style'>,
): Promise<void> {
  await using app = await openApp(config, log);
  const prepareAndServe = async () => {
    await prepareDatabase(app, config, log);
    await runService({ config, app, log, signal });
  };
  await retryOutages({ log, signal }, () => explainOutages(app, prepareAndServe));
}

/** Every step of a start may be repeated: migrations are one transaction, the rest replaces what is there. */
async function retryOutages({ log, signal }: { log: Log; signal: AbortSignal }, start: () => Promise<void>) {
  for (const [failures, delayMs] of RETRY_DELAYS_MS.entries()) {
    try {
      return await start();
    } catch (error) {
      if (signal.aborted || !isOutage(error, failures)) throw error;
      log.warn({ reason: error.message, retryInMs: delayMs }, 'the database interrupted the start; it is tried again');
    }
    await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return start();
}

/** False for a server that was never reached: DATABASE_URL may be wrong, which its user should see at once. */
function isOutage(error: unknown, failures: number): error is SyncError {
  if (!(error instanceof SyncError && error.code === 'DATABASE' && error.retryable)) return false;
  const isUnreachable = error instanceof DatabaseError && UNREACHABLE.includes(error.sqlState ?? '');
  return failures > 0 || !isUnreachable;
}
