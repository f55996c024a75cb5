import { type Command, Option } from 'commander';
import { movableTerminal, type ProcessContext, readConfigAndLog, readLookSettings } from '../process-context.ts';
import type { StatusOptions } from '../status.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { secondsBetween } from './options.ts';

/** Adds the commands that say whether everything is all right. */
export function addLookCommands(program: Command, context: ProcessContext): void {
  addStatus(program, context);
  addCheck(program, context);
  addRejected(program, context);
}

function addStatus(program: Command, context: ProcessContext): void {
  const { print, signal, setExitCode } = context;
  const status = program
    .command('status')
    .description('whether anything needs a person; accounts, cases by status, next run, workers')
    .option('--all', 'every account; without it, the first twenty, those that need a person first')
    .option('--fail-if-stale', 'exit code 1 if an account is stale')
    .addOption(
      new Option('--watch [seconds]', 'look again and again, until Ctrl-C')
        .argParser(secondsBetween)
        .preset('5')
        .conflicts('failIfStale'),
    )
    .action(async (options: StatusOptions) => {
      const { settings, log } = await readLookSettings(context);
      const output = { log, print, signal, style: () => styleOf(context), terminal: movableTerminal(context) };
      const { runStatus } = await import('../status.ts');
      setExitCode(await runStatus(settings, options, output));
    });
  addHelp(addJsonOptions(status), {
    examples: [
      ['whether everything is all right', 'status'],
      ['keep an eye on it', 'status --watch'],
      ['for a monitor: exit code 1 if an account is stale', 'status --fail-if-stale'],
      ['for a program: an object for each account', 'status --json'],
    ],
    exits: { 1: 'an account is stale (--fail-if-stale), or the database cannot be read' },
  });
}

function addCheck(program: Command, context: ProcessContext): void {
  const { signal, print, setExitCode } = context;
  const check = program
    .command('check')
    .description('test configuration, database, rights, credentials and read access of every account')
    .action(async (options: JsonOptions) => {
      const { config, log } = await readConfigAndLog(context);
      const output = { log, signal, print, style: styleOf(context) };
      const { runCheck } = await import('../check.ts');
      setExitCode(await runCheck(config, { form: jsonForm(options), ...output }));
    });
  addHelp(addJsonOptions(check), {
    examples: [
      ['before the first start, and when something does not work', 'check'],
      ['for a program', 'check --json'],
    ],
    done: 'everything that is needed works',
    exits: { 1: 'there is a problem' },
  });
}

function addRejected(program: Command, context: ProcessContext): void {
  const { print } = context;
  const rejected = program
    .command('rejected')
    .description('items that could not be read, and why')
    .argument('[item]', 'one from the list: prints it as Dintero sent it, with personal data')
    .action(async (item: string | undefined, options: JsonOptions) => {
      const { settings, log } = await readLookSettings(context);
      const { runRejected } = await import('../rejected.ts');
      await runRejected(settings, item ?? null, { form: jsonForm(options), log, print, style: styleOf(context) });
    });
  addHelp(addJsonOptions(rejected), {
    examples: [
      ['the newest items', 'rejected'],
      ['one of them as Dintero sent it, to show it to Dintero', 'rejected 1f0a2b3c'],
      ['all of them, one a line', 'rejected --jsonl'],
    ],
    exits: { 1: 'the database cannot be read' },
  });
}
