import { type Command, Option } from 'commander';
import type { EvidenceOptions } from '../evidence.ts';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import type { VerifyOptions } from '../verify.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds `verify`. */
export function addVerify(program: Command, context: ProcessContext): void {
  const verify = program
    .command('verify')
    .description('recompute the digest chains from the tables, and name the first row that does not fit')
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('--all', 'everything that does not fit, not only the first of each account')
    .addOption(
      new Option(
        '--expect <digest>',
        'ACCOUNT:NUMBER:DIGEST that was published, or a file of such lines; may be repeated',
      )
        .argParser(collect)
        .conflicts('print'),
    )
    .addOption(
      new Option('--api', "compare the tables with the API's lists instead, and say where they differ").conflicts([
        'print',
        'expect',
      ]),
    )
    .addOption(new Option('--print', 'only print the newest digest of each chain, to publish it').conflicts('all'))
    .action(async (options: VerifyOptions) => {
      const { runVerify } = await import('../verify.ts');
      await runVerify(options, context);
    });
  addHelp(addJsonOptions(verify), {
    examples: [
      ['whether the history was changed by hand', 'verify'],
      ['every row of one account that does not fit', 'verify --account P12345678 --all'],
      ['each day: keep the newest digests where no administrator can write', 'verify --print >> published.txt'],
      ['whether the chains still contain the published digests', 'verify --expect published.txt'],
      ['whether the tables are as the lists are now; reads every list', 'verify --api'],
    ],
    done: 'everything fits',
    exits: { 1: 'something does not fit, or the tables cannot be read' },
  });
}

/** Adds `evidence`. */
export function addEvidence(program: Command, context: ProcessContext): void {
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
      const { settings, log } = await readLookSettings(context);
      const { runEvidence } = await import('../evidence.ts');
      await runEvidence(settings, options, { ...context, log, style: styleOf(context), form: jsonForm(options) });
    });
  addHelp(addJsonOptions(evidence), {
    examples: [
      ['everything that is known by now', 'evidence --account P12345678 --case 0caeec5f -o case-0caeec5f'],
      [
        'the case as known at the end of a day',
        'evidence --case P12345678/0caeec5f --known-at 2026-10-31 -o case-then',
      ],
    ],
    exits: { 1: 'the database cannot be read, or writing fails midway; nothing is left' },
  });
}
