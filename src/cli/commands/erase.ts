import { type Command, Option } from 'commander';
import type { EraseOptions } from '../erase/options.ts';
import type { ProcessContext } from '../process-context.ts';
import type { ReduceOptions } from '../reduce.ts';
import { addJsonOptions } from '../terminal/json.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds `erase`. */
export function addErase(program: Command, context: ProcessContext): void {
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
      new Option('--due', 'all cases of the account that are due: kept as long as retention.cases says').conflicts([
        'case',
        'beforeTime',
        'reason',
      ]),
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
      [
        'how many are due; to list them: cdd-sync show retention --where state=due',
        'erase --account P12345678 --due --dry-run',
      ],
      ['all cases that are due', 'erase --account P12345678 --due --yes'],
      ['after a restore: the receipts of the newer copy', 'erase --from-receipts erasures.json --yes'],
    ],
    done: 'it is erased, or was before',
    exits: { 1: 'one was not erased: it is held, must be kept, or the database refused it' },
  });
}

/** Adds `reduce`. */
export function addReduce(program: Command, context: ProcessContext): void {
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
