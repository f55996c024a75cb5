import { schedule } from 'node-cron';
import { openParts } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { keepAccounts } from '../store/accounts.ts';
import { migrate } from '../store/migrate.ts';
import { applyRetention } from '../store/retention.ts';
import { work } from '../worker/worker.ts';

const DAILY = '17 3 * * *';

/** Migrates, then runs the worker until the signal aborts. */
export async function runStart(config: Config, { log, signal }: { log: Log; signal: AbortSignal }): Promise<number> {
  const { url, database, parts, close } = await openParts(config, log);
  try {
    const { applied, edited } = await migrate(url);
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    if (edited.length > 0) log.warn({ edited }, 'these migrations are not what was applied to this database once');
    await keepAccounts(database, config.accounts);
    const clean = async () => {
      const deleted = await applyRetention(database, config.retention);
      if (deleted.rejectedItems + deleted.runs > 0) log.info(deleted, 'deleted what was past its retention');
    };
    await clean();
    const cleaning = schedule(DAILY, () => clean().catch((err: unknown) => log.error({ err }, 'retention failed')), {
      timezone: config.timezone,
    });
    log.info({ accounts: config.accounts.length }, 'worker started');
    await work({ config, parts, log, signal });
    await cleaning.destroy();
    log.info('worker stopped');
    return 0;
  } finally {
    await close();
  }
}
