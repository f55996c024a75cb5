import { openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { runService } from '../worker/service.ts';
import type { CommandContext } from './context.ts';
import { prepareDatabase } from './prepare-database.ts';

/** Migrates, then runs the worker until the signal aborts. Returns the exit code. */
export async function runStart(config: Config, { log, signal }: Omit<CommandContext, 'print'>): Promise<number> {
  const app = await openApp(config, log);
  try {
    await prepareDatabase(app, config, log);
    await runService({ config, app, log, signal });
    return 0;
  } finally {
    await app.close();
  }
}
