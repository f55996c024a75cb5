#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=200 --no-allocation-site-pretenuring --expose-gc
import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { runCheck } from './cli/check.ts';
import { runDemo } from './cli/demo.ts';
import { type GrantOptions, runGrantReader } from './cli/grant-reader.ts';
import { runMigrate } from './cli/migrate.ts';
import { runRejected } from './cli/rejected.ts';
import { runSandbox } from './cli/sandbox.ts';
import { runStart } from './cli/start.ts';
import { runStatus } from './cli/status.ts';
import { runSync, type SyncOptions } from './cli/sync.ts';
import { type Config, readConfig, readSettings } from './config/config.ts';
import { ConfigError } from './config/problems.ts';
import { createLog, type Log } from './log.ts';
import { SyncError } from './model/sync-error.ts';
import { UsageError } from './model/usage-error.ts';

const EXIT = { failed: 1, usage: 2 };
/** Runs have this long to break off cleanly; then the process ends all the same, and their rows become abandoned. */
const GRACE_MS = 9_000;
/** A second signal within this time is the same Ctrl-C: a terminal sends it to all processes, and `node --watch` again. */
const REPEATED_MS = 500;

const env = process.env;
const cwd = process.cwd();
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const logAt = (level: string): Log => createLog({ level, terminal: process.stderr.isTTY });

const stopping = new AbortController();
let stoppingSince = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stopping.signal.aborted) {
      if (performance.now() - stoppingSince > REPEATED_MS) process.exit(EXIT.failed);
      return;
    }
    stoppingSince = performance.now();
    stopping.abort(new SyncError('CANCELLED', `Stopped by ${name}; what was saved stays, the next run completes it.`));
    setTimeout(() => process.exit(EXIT.failed), GRACE_MS).unref();
  });
}
// Whoever read our output has gone, `| head` for example: end in good order.
process.stdout.on('error', () => stopping.abort(new SyncError('CANCELLED', 'Stopped: nobody reads the output.')));
const { signal } = stopping;

async function configured(): Promise<{ config: Config; log: Log }> {
  const config = await readConfig({ env, cwd });
  return { config, log: logAt(config.logLevel) };
}

/** For the commands that need the database but no account. */
function databaseOnly() {
  const settings = readSettings({ env, cwd });
  return { settings, log: logAt(settings.logLevel) };
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Must be a whole number.');
  return Number(value);
}

function number(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('Must be a number.');
  return Number(value);
}

const collect = (value: string, before: string[]): string[] => [...before, value];

const program = new Command('cdd-sync')
  .description("Keeps a faithful, historic copy of Dintero's customer due diligence cases in Postgres.")
  .exitOverride()
  .showHelpAfterError();

program
  .command('start')
  .description('migrate, then sync every account at once and on its schedule, until stopped')
  .action(async () => {
    const { config, log } = await configured();
    process.exitCode = await runStart(config, { log, signal });
  });

program
  .command('sync')
  .description('one run per account, now')
  .option('--account <id>', 'only this account; may be repeated', collect, [])
  .option('--json', 'one JSON object per run: the columns of its cdd.sync_runs row')
  .option('--accept-missing', 'mark missing what is missing, however many')
  .action(async (options: SyncOptions) => {
    const { config, log } = await configured();
    process.exitCode = await runSync(config, options, { log, signal, print });
  });

program
  .command('migrate')
  .description('bring the database to the newest schema')
  .action(async () => {
    const { settings, log } = databaseOnly();
    process.exitCode = await runMigrate(settings, { log, print });
  });

program
  .command('status')
  .description('accounts, last run, freshness, cases by status')
  .option('--json', 'as JSON', false)
  .action(async ({ json }: { json: boolean }) => {
    const { settings, log } = databaseOnly();
    process.exitCode = await runStatus(settings, { json, log, print });
  });

program
  .command('check')
  .description('try configuration, database, credentials and read access of every account')
  .option('--json', 'as JSON', false)
  .action(async ({ json }: { json: boolean }) => {
    const { config, log } = await configured();
    process.exitCode = await runCheck(config, { json, log, signal, print });
  });

program
  .command('rejected')
  .description('items that could not be read, and why')
  .option('--json', 'as JSON', false)
  .action(async ({ json }: { json: boolean }) => {
    const { settings, log } = databaseOnly();
    process.exitCode = await runRejected(settings, { json, log, print });
  });

program
  .command('grant-reader')
  .description('say which accounts a database role sees in schema reporting; what it saw before ends')
  .requiredOption('--role <name>', 'the role; it must exist')
  .option('--account <id>', 'an account it may see; may be repeated', collect, [])
  .option('--all', 'every account, later ones too')
  .option('--none', 'no account any more')
  .action(async (options: GrantOptions) => {
    const { settings, log } = databaseOnly();
    process.exitCode = await runGrantReader(settings, options, { log, print });
  });

program
  .command('sandbox')
  .description('a Dintero to play with, on this machine')
  .option('--port <number>', 'port to listen on', wholeNumber, 8181)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--seed <number>', 'the same seed gives the same cases', wholeNumber, 1)
  .option('--cases <number>', 'cases per account', wholeNumber, 40)
  .option('--hours-per-second <number>', 'how fast its clock runs; 0 = it stands still', number, 1)
  .action(async (options: { port: number; host: string; seed: number; cases: number; hoursPerSecond: number }) => {
    await runSandbox({ ...options, signal, print });
  });

program
  .command('demo')
  .description('sandbox, embedded Postgres and worker, with nothing to configure')
  .action(async () => {
    const { settings } = databaseOnly();
    // It tells of its runs on stdout; the log would say the same again.
    const log = logAt(env.LOG_LEVEL ? settings.logLevel : 'warn');
    process.exitCode = await runDemo(settings, { log, signal, print });
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, without a stack where the message says it all; gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof ConfigError || error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof SyncError) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return EXIT.failed;
  }
  logAt('error').fatal({ err: error }, 'unexpected error; please report it');
  return EXIT.failed;
}
