import { openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { runService } from '../worker/service.ts';
import { prepareDatabase } from './database.ts';
import type { CommandContext } from './process-context.ts';

/** Migrates, then runs the worker until the signal aborts. */
export async function runStart(config: Config, { log, signal }: Omit<CommandContext, 'print'>): Promise<void> {
  await using app = await openApp(config, log);
  await prepareDatabase(app, config, log);
  await runService({ config, app, log, signal });
}
