import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { type Config, readConfig, readSettings } from '../config/config.ts';
import { ConfigError } from '../config/problems.ts';
import { createLog, type Log } from '../log.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { runCheck } from './check.ts';
import { runDemo } from './demo.ts';
import { type GrantOptions, runGrantReader } from './grant-reader.ts';
import { runMigrate } from './migrate.ts';
import { runRejected } from './rejected.ts';
import { runSandbox } from './sandbox.ts';
import { runStart } from './start.ts';
import { runStatus } from './status.ts';
import { runSync, type SyncOptions } from './sync.ts';

const EXIT = { failed: 1, usage: 2 };

/** The process, as commands see it. */
export type ProcessContext = {
  arguments: readonly string[];
  variables: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborted when the process is to stop. */
  signal: AbortSignal;
  isTerminal: boolean;
  print: (line: string) => void;
  printError: (line: string) => void;
};

/** Runs the command that the arguments name, and gives the exit code. */
export async function runProgram(context: ProcessContext): Promise<number> {
  let exitCode = 0;
  const program = new Command('cdd-sync')
    .description("Keeps a faithful, historic copy of Dintero's customer due diligence cases in Postgres.")
    .exitOverride()
    .showHelpAfterError();
  const run = new Commands(program, context, (code) => {
    exitCode = code;
  });
  run.addWorker();
  run.addDatabase();
  run.addTrying();
  try {
    await program.parseAsync(context.arguments, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, context);
  }
}

class Commands {
  readonly #program: Command;
  readonly #context: ProcessContext;
  readonly #exit: (code: number) => void;

  constructor(program: Command, context: ProcessContext, exit: (code: number) => void) {
    this.#program = program;
    this.#context = context;
    this.#exit = exit;
  }

  /** Commands that use the accounts. */
  addWorker(): void {
    const { signal, print } = this.#context;
    this.#program
      .command('start')
      .description('migrate, then sync every account at once and on its schedule, until stopped')
      .action(async () => {
        const { config, log } = await this.#configured();
        this.#exit(await runStart(config, { log, signal }));
      });
    this.#program
      .command('sync')
      .description('one run per account, now')
      .option('--account <id>', 'only this account; may be repeated', collect, [])
      .option('--json', 'one JSON object per run: the columns of its cdd.sync_runs row')
      .option('--accept-missing', 'mark missing what is missing, however many')
      .action(async (options: SyncOptions) => {
        const { config, log } = await this.#configured();
        this.#exit(await runSync(config, options, { log, signal, print }));
      });
    this.#program
      .command('check')
      .description('try configuration, database, credentials and read access of every account')
      .option('--json', 'as JSON', false)
      .action(async ({ json }: { json: boolean }) => {
        const { config, log } = await this.#configured();
        this.#exit(await runCheck(config, { json, log, signal, print }));
      });
  }

  /** Commands that need the database and no account. */
  addDatabase(): void {
    const { print } = this.#context;
    this.#program
      .command('migrate')
      .description('bring the database to the newest schema')
      .action(async () => {
        const { settings, log } = this.#databaseOnly();
        this.#exit(await runMigrate(settings, { log, print }));
      });
    this.#program
      .command('status')
      .description('accounts, last run, freshness, cases by status')
      .option('--json', 'as JSON', false)
      .action(async ({ json }: { json: boolean }) => {
        const { settings, log } = this.#databaseOnly();
        this.#exit(await runStatus(settings, { json, log, print }));
      });
    this.#program
      .command('rejected')
      .description('items that could not be read, and why')
      .option('--json', 'as JSON', false)
      .action(async ({ json }: { json: boolean }) => {
        const { settings, log } = this.#databaseOnly();
        this.#exit(await runRejected(settings, { json, log, print }));
      });
    this.#program
      .command('grant-reader')
      .description('say which accounts a database role sees in schema reporting; what it saw before ends')
      .requiredOption('--role <name>', 'the role; it must exist')
      .option('--account <id>', 'an account it may see; may be repeated', collect, [])
      .option('--all', 'every account, later ones too')
      .option('--none', 'no account any more')
      .action(async (options: GrantOptions) => {
        const { settings, log } = this.#databaseOnly();
        this.#exit(await runGrantReader(settings, options, { log, print }));
      });
  }

  /** Commands that need nothing. */
  addTrying(): void {
    const { signal, print, variables } = this.#context;
    this.#program
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
    this.#program
      .command('demo')
      .description('sandbox, embedded Postgres and worker, with nothing to configure')
      .action(async () => {
        const { settings } = this.#databaseOnly();
        // The demo prints its runs on stdout, so its log has warnings only.
        const log = logAt(variables.LOG_LEVEL ? settings.logLevel : 'warn', this.#context);
        this.#exit(await runDemo(settings, { log, signal, print }));
      });
  }

  async #configured(): Promise<{ config: Config; log: Log }> {
    const { variables, cwd } = this.#context;
    const config = await readConfig({ env: variables, cwd });
    return { config, log: logAt(config.logLevel, this.#context) };
  }

  #databaseOnly() {
    const { variables, cwd } = this.#context;
    const settings = readSettings({ env: variables, cwd });
    return { settings, log: logAt(settings.logLevel, this.#context) };
  }
}

function logAt(level: string, { isTerminal }: ProcessContext): Log {
  return createLog({ level, terminal: isTerminal });
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Must be a whole number.');
  return Number(value);
}

function number(value: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError('Must be a number.');
  return Number(value);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** Prints an error, without a stack where the message is enough, and gives the exit code. */
function report(error: unknown, context: ProcessContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof ConfigError || error instanceof UsageError) {
    context.printError(error.message);
    return EXIT.usage;
  }
  if (error instanceof SyncError) {
    context.printError(`${error.code}: ${error.message}`);
    return EXIT.failed;
  }
  logAt('error', context).fatal({ err: error }, 'unexpected error; please report it');
  return EXIT.failed;
}
