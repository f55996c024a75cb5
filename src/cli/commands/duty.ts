import { type Command, Option } from 'commander';
import type { EraseOptions } from '../erase/options.ts';
import type { EvidenceOptions } from '../evidence.ts';
import type { HoldOptions } from '../hold.ts';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import type { ReduceOptions } from '../reduce.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import type { VerifyOptions } from '../verify.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds the commands about what must be kept, erased and proved. */
export function addDutyCommands(program: Command, context: ProcessContext): void {
  addHolds(program, context);
  addVerify(program, context);
  addErase(program, context);
  addEvidence(program, context);
  addReduce(program, context);
}

function addHolds(program: Command, context: ProcessContext): void {
  const which = 'the account that has the case; needed if several have it';
  const hold = program
    .command('hold <case>')
    .description('legal hold: nothing of the case is erased until it is released')
    .option('--account <id>', which)
    .requiredOption('--reason <text>', 'kept for good, and shown with the case to readers who see names')
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
  const release = program
    .command('release <case>')
    .description('end the legal hold of a case')
    .option('--account <id>', which)
    .requiredOption('--reason <text>', 'kept for good, and shown with the case to readers who see names')
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

function addVerify(program: Command, context: ProcessContext): void {
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
      ['whether the chains still contain what was published', 'verify --expect published.txt'],
      ['whether the tables are as the lists are now; reads every list', 'verify --api'],
    ],
    done: 'everything fits',
    exits: { 1: 'something does not fit, or the tables cannot be read' },
  });
}

function addErase(program: Command, context: ProcessContext): void {
  const erase = program
    .command('erase')
    .description("remove one case's personal data from every table for good; statuses, times and a receipt stay")
    .option('--account <id>', 'the account that has the case')
    .option('--case <id>', 'its whole id, or ACCOUNT/ID')
    .option('--yes', 'do not ask; needed without a terminal')
    .option('--before-time', 'also a case that must be kept longer; needs --reason')
    .option('--reason <text>', 'kept with the receipt for good; no personal data')
    .option('--dry-run', 'only say what would be removed')
    .addOption(
      new Option('--due', 'all cases of the account whose time is over').conflicts(['case', 'beforeTime', 'reason']),
    )
    .addOption(
      new Option(
        '--from-receipts <file>',
        'again, after an older backup was restored: JSON of show erasures; - = stdin',
      ).conflicts(['account', 'case', 'due', 'beforeTime', 'reason']),
    )
    .action(async (options: EraseOptions) => {
      const { runErase } = await import('../erase.ts');
      context.setExitCode(await runErase(options, context));
    });
  addHelp(addJsonOptions(erase), {
    examples: [
      ['what would be removed', 'erase --case P12345678/0caeec5f-6b7c-4a7e-9d35-2f4c1f0c5c11 --dry-run'],
      [
        'a person asks for it, and no law says that it must be kept; CASE=ACCOUNT/ID',
        'erase --case $CASE --before-time --reason "request 25/1187"',
      ],
      ['everything whose time is over', 'erase --account P12345678 --due --yes'],
      ['after a restore: the receipts of the newer copy', 'erase --from-receipts erasures.json --yes'],
    ],
    done: 'it is erased, or was before',
    exits: { 1: 'it is held or must be kept, or the database refused it: nothing was erased' },
  });
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
      const { settings, log } = await readLookSettings(context);
      const { runEvidence } = await import('../evidence.ts');
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

function addReduce(program: Command, context: ProcessContext): void {
  const reduce = program
    .command('reduce')
    .description(
      'remove stored data that personalData of the configuration does not store, from all versions of all cases',
    )
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('--dry-run', 'only count the cases that have such data')
    .option('--yes', 'really remove it: it cannot be brought back')
    .action(async (options: ReduceOptions) => {
      const { runReduce } = await import('../reduce.ts');
      await runReduce(options, context);
    });
  addHelp(addJsonOptions(reduce), {
    examples: [
      ['after personalData was set to drop or minimal and the worker restarted', 'reduce --dry-run'],
      ['while the worker runs; interrupted, it is simply started again', 'reduce --yes'],
    ],
    done: 'no stored case has such data',
    exits: { 1: 'the database refused it, or an account stayed locked; try again' },
  });
}
