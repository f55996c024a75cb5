// A command of the worker with a lease of the test's own, as a process or within one.
import pino from 'pino';
import type { Lease } from '../../../src/app.ts';
import { runMigrate } from '../../../src/cli/migrate.ts';
import { runSync } from '../../../src/cli/sync.ts';
import { readConfig } from '../../../src/config/config.ts';
import { openDatabase } from '../../../src/store/postgres/pool.ts';
import { applyRetention } from '../../../src/store/runs/retention.ts';
import { PLAIN } from '../text-table.ts';

export type Command = 'sync' | 'migrate' | 'retention';

export type Order = {
  command: Command;
  url: string;
  /** Has cdd-sync.yaml. */
  folder: string;
  lease: Lease;
};

/** Runs the command; returns its exit code. `write` gets the lines of the log. */
export async function runCommand({ command, url, folder, lease }: Order, write: (line: string) => void) {
  const config = await readConfig({ env: { DATABASE_URL: url }, cwd: folder });
  const log = pino({ level: 'info', base: null }, { write });
  const context = { log, print: () => {}, style: PLAIN, signal: new AbortController().signal, lease };
  if (command === 'sync') return runSync(config, {}, context);
  if (command === 'migrate') await runMigrate(config, context);
  else await runRetention(url);
  return 0;
}

async function runRetention(url: string): Promise<void> {
  const database = openDatabase(url, { connections: 2 });
  await applyRetention(database, { rejectedDays: 30, runDays: 30 }).finally(() => database.close());
}

if (import.meta.main) {
  const [order = ''] = process.argv.slice(2);
  process.exitCode = await runCommand(JSON.parse(order), (line) => void process.stderr.write(line));
}
