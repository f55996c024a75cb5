import type { Command } from 'commander';
import { runCheck } from '../check.ts';
import { type ProcessContext, readConfigAndLog, readLookSettings } from '../process-context.ts';
import { runRejected } from '../rejected.ts';
import { runStatus } from '../status.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';

/** Adds the commands that say whether everything is all right. */
export function addLookCommands(program: Command, context: ProcessContext): void {
  addStatus(program, context);
  addCheck(program, context);
  addRejected(program, context);
}

function addStatus(program: Command, context: ProcessContext): void {
  const { print } = context;
  const status = program
    .command('status')
    .description('accounts, last run, freshness, cases by status')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { settings, log } = readLookSettings(context);
      await runStatus(settings, { json, log, print, style: styleOf(context) });
    });
  addHelp(status, {
    examples: [
      ['whether everything is all right', 'status'],
      ['for a program', 'status --json'],
    ],
    exits: { 1: 'the database cannot be read' },
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
    .action(async (options: JsonOptions) => {
      const { settings, log } = readLookSettings(context);
      await runRejected(settings, { form: jsonForm(options), log, print, style: styleOf(context) });
    });
  addHelp(addJsonOptions(rejected), {
    examples: [
      ['the newest items', 'rejected'],
      ['all of them, one a line', 'rejected --jsonl'],
    ],
    exits: { 1: 'the database cannot be read' },
  });
}
