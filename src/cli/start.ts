import { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import { runService } from '../worker/service.ts';
import type { CommandContext } from './context.ts';
import { prepareDatabase } from './prepare-database.ts';

/** Migrates, then runs the worker until the signal aborts. Returns the exit code. */
export async function runStart(config: Config, { log, signal }: Omit<CommandContext, 'print'>): Promise<number> {
  const opened = await openParts(config, log);
  try {
    await prepareDatabase(opened, config, log);
    await runService({ config, opened, log, signal });
    return 0;
  } finally {
    await opened.close();
  }
}
