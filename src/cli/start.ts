import { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { migrate } from '../store/migrate/migrate.ts';
import { applyReportSettings } from '../store/reports/settings.ts';
import { runService } from '../worker/service.ts';

/** Migrates, then runs the worker until the signal aborts. */
export async function runStart(config: Config, { log, signal }: { log: Log; signal: AbortSignal }): Promise<number> {
  const opened = await openParts(config, log);
  try {
    const { applied, definitions, edited } = await migrate(opened.url);
    if (applied.length + definitions.length > 0) log.info({ applied, definitions }, 'database migrated');
    if (edited.length > 0) log.warn({ edited }, 'these migrations are not what was applied to this database once');
    await applyReportSettings(opened.database, config);
    await runService({ config, opened, log, signal });
    return 0;
  } finally {
    await opened.close();
  }
}
