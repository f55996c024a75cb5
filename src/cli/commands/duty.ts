import type { Command } from 'commander';
import { type EvidenceOptions, runEvidence } from '../evidence.ts';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';

/** Adds the commands about what must be kept, erased and proved. */
export function addDutyCommands(program: Command, context: ProcessContext): void {
  addEvidence(program, context);
}

function addEvidence(program: Command, context: ProcessContext): void {
  const evidence = program
    .command('evidence')
    .description(
      'everything about one case for an authority: a folder and a .zip, with a page to read and SHA-256 sums',
    )
    .requiredOption('--case <id>', 'its id, the first 8 characters of it, or ACCOUNT/ID')
    .requiredOption('-o, --output <folder>', 'a new or empty folder; the .zip gets its name')
    .option('--account <id>', 'the account that has the case; needed if several have it')
    .option('--known-at <time>', 'as it was known then: a day (its end), a local time, or a time with its offset')
    .option('--made-by <text>', 'the sender, for the page: company, department')
    .action(async (options: EvidenceOptions & JsonOptions) => {
      const { settings, log } = readLookSettings(context);
      await runEvidence(settings, options, { ...context, log, style: styleOf(context), form: jsonForm(options) });
    });
  addHelp(addJsonOptions(evidence), {
    examples: [
      ['everything that is known by now', 'evidence --account P12345678 --case 0caeec5f -o case-0caeec5f'],
      ['what was known at the end of a day', 'evidence --case P12345678/0caeec5f --known-at 2026-10-31 -o case-then'],
    ],
    exits: { 1: 'the database cannot be read, or writing fails midway; nothing is left' },
  });
}
