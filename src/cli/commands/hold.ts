import type { Command } from 'commander';
import type { HoldOptions } from '../hold.ts';
import type { ProcessContext } from '../process-context.ts';
import { addJsonOptions } from '../terminal/json.ts';
import { addHelp } from './help.ts';

const WHICH_ACCOUNT = 'the account that has the case; needed if several have it';
const WHERE_SHOWN = 'kept for good and shown to readers of names: no personal data';

/** Adds `hold` and `release`. */
export function addHolds(program: Command, context: ProcessContext): void {
  addHold(program, context);
  addRelease(program, context);
}

function addHold(program: Command, context: ProcessContext): void {
  const hold = program
    .command('hold <case>')
    .description('legal hold: nothing of the case is erased until it is released')
    .option('--account <id>', WHICH_ACCOUNT)
    .requiredOption('--reason <text>', WHERE_SHOWN)
    .action(async (id: string, options: HoldOptions) => {
      const { runHold } = await import('../hold.ts');
      await runHold(id, options, context);
    });
  addHelp(addJsonOptions(hold), {
    examples: [
      ['an authority has asked for it', 'hold 0caeec5f --account P12345678 --reason "request 25/1187"'],
      ['the same, with the id as other verbs print it', 'hold P12345678/0caeec5f --reason "request 25/1187"'],
    ],
    done: 'it is held',
    exits: { 1: 'it is erased already, or the database cannot be reached, or refused it' },
  });
}

function addRelease(program: Command, context: ProcessContext): void {
  const release = program
    .command('release <case>')
    .description('end the legal hold of a case')
    .option('--account <id>', WHICH_ACCOUNT)
    .requiredOption('--reason <text>', WHERE_SHOWN)
    .action(async (id: string, options: HoldOptions) => {
      const { runRelease } = await import('../release.ts');
      await runRelease(id, options, context);
    });
  addHelp(addJsonOptions(release), {
    examples: [['the authority has closed its file', 'release P12345678/0caeec5f --reason "file closed"']],
    done: 'it is not held',
    exits: { 1: 'the database cannot be reached, or refused it' },
  });
}
