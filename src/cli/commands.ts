import { type Command, InvalidArgumentError } from 'commander';
import { runCheck } from './check.ts';
import { BlockView } from './demo/block-view.ts';
import { plainView } from './demo/plain-view.ts';
import { runDemo } from './demo.ts';
import { type GrantOptions, runGrantReader } from './grant-reader.ts';
import { runMigrate } from './migrate.ts';
import {
  createStderrLog,
  type ProcessContext,
  readConfigAndLog,
  readLookSettings,
  readSettingsAndLog,
} from './process-context.ts';
import { runRejected } from './rejected.ts';
import { runSandbox } from './sandbox.ts';
import { runShowShape, type ShapeOptions } from './show/shape.ts';
import { runStart } from './start.ts';
import { runStatus } from './status.ts';
import { runSync, type SyncOptions } from './sync.ts';

/** The sandbox keeps all cases in memory. */
const MAX_CASES = 1_000_000;

/** Adds the commands that sync. */
export function addSyncCommands(program: Command, context: ProcessContext): void {
  const { signal, print, setExitCode } = context;
  program
    .command('start')
    .description('migrate, then sync every account at once and on its schedule, until stopped')
    .action(async () => {
      const { config, log } = await readConfigAndLog(context);
      await runStart(config, { log, signal });
    });
  program
    .command('sync')
    .description('one run per account, now')
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('--json', 'one JSON object per run: the columns of its cdd.sync_runs row')
    .option('--accept-missing', 'mark all absent cases missing, however many')
    .action(async (options: SyncOptions) => {
      const { config, log } = await readConfigAndLog(context);
      setExitCode(await runSync(config, options, { log, signal, print }));
    });
}

/** Adds the commands that look at a database or change its schema and rights. */
export function addDatabaseCommands(program: Command, context: ProcessContext): void {
  const { signal, print, setExitCode } = context;
  program
    .command('migrate')
    .description('bring the database to the newest schema')
    .action(async () => {
      const { settings, log } = readSettingsAndLog(context);
      await runMigrate(settings, { log, print });
    });
  program
    .command('status')
    .description('accounts, last run, freshness, cases by status')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { settings, log } = readLookSettings(context);
      await runStatus(settings, { json, log, print });
    });
  program
    .command('check')
    .description('test configuration, database, rights, credentials and read access of every account')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { config, log } = await readConfigAndLog(context);
      setExitCode(await runCheck(config, { json, log, signal, print }));
    });
  program
    .command('rejected')
    .description('items that could not be read, and why')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { settings, log } = readLookSettings(context);
      await runRejected(settings, { json, log, print });
    });
}

/** Adds the command that shows what is stored; each kind of content is a sub-command. */
export function addShowCommands(program: Command, context: ProcessContext): void {
  const { signal, print } = context;
  program
    .command('show')
    .description('what is stored')
    .command('shape')
    .description('paths, types and counts of events[].case, without its values')
    .option('--account <id>', 'only cases of this account; may be repeated', collect)
    .option('--json', 'as JSON')
    .action(async (options: ShapeOptions) => {
      const { settings, log } = readLookSettings(context);
      await runShowShape(settings, options, { log, signal, print });
    });
}

/** Adds the command that lets a database role read reports. */
export function addGrantCommand(program: Command, context: ProcessContext): void {
  const { print } = context;
  program
    .command('grant-reader')
    .description('set which accounts a database role sees in schema reporting')
    .requiredOption('--role <name>', 'the role, which must exist')
    .option('--account <id>', 'an account that it sees, and no others; may be repeated', collect)
    .option('--all', 'it sees every account, later ones too')
    .option('--none', 'it sees no account any more')
    .option('--without-names', 'it sees no names and organization numbers: those of sole traders are personal data')
    .option('--no-settings', 'leave the time zone, limits and other settings of its sessions as they are')
    .action(async (options: GrantOptions) => {
      const { settings, log } = readSettingsAndLog(context);
      await runGrantReader(settings, options, { log, print });
    });
}

/** Adds the commands that need neither an account nor a database. */
export function addSandboxCommands(program: Command, context: ProcessContext): void {
  const { signal, print, variables, terminal } = context;
  program
    .command('sandbox')
    .description('a Dintero to play with, on this machine')
    .option('--port <number>', 'port to listen on', wholeNumber(65_535), 8181)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <number>', 'the same seed gives the same cases', wholeNumber(Number.MAX_SAFE_INTEGER), 1)
    .option('--cases <number>', 'cases per account at the beginning', wholeNumber(MAX_CASES), 40)
    .option('--hours-per-second <number>', 'how fast its clock runs; 0 = it stands still', number, 1)
    .action(async (options: { port: number; host: string; seed: number; cases: number; hoursPerSecond: number }) => {
      await runSandbox({ ...options, signal, print });
    });
  program
    .command('demo')
    .description('sandbox, embedded Postgres and worker, with nothing to configure')
    .action(async () => {
      const { settings } = readSettingsAndLog(context);
      using view = terminal === null ? plainView(print) : new BlockView(terminal);
      // The demo shows its runs itself, so its log has warnings only.
      const level = variables.LOG_LEVEL ? settings.logLevel : 'warn';
      const log = createStderrLog(level, context, (write) => view.above(write));
      await runDemo(settings, { log, signal, view });
    });
}

function wholeNumber(max: number) {
  return (value: string): number => {
    if (/^\d+$/.test(value) && Number(value) <= max) return Number(value);
    throw new InvalidArgumentError(`Must be a whole number from 0 to ${max}.`);
  };
}

function number(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('Must be a number.');
  return Number(value);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
