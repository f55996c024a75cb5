import type { Command } from 'commander';
import { movableTerminal, type ProcessContext, readConfigAndLog } from '../process-context.ts';
import type { SyncOptions } from '../sync.ts';
import { addJsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds the commands that sync. */
export function addWorkCommands(program: Command, context: ProcessContext): void {
  const { signal, print, setExitCode } = context;
  const start = program
    .command('start')
    .description('migrate, then sync every account at once and on its schedule, until stopped')
    .action(async () => {
      const { config, log } = await readConfigAndLog(context);
      const { runStart } = await import('../start.ts');
      await runStart(config, { log, signal });
    });
  addHelp(start, {
    examples: [
      ['the worker, with cdd-sync.yaml of this folder; Ctrl-C stops it', 'start'],
      ['its log as JSON lines in a file', 'start 2>> cdd-sync.log'],
    ],
    done: 'stopped by Ctrl-C or SIGTERM',
    exits: { 1: 'it cannot run: the last line says why' },
  });
  const sync = program
    .command('sync')
    .description('one run per account, now')
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('--accept-missing', 'mark all absent cases missing, however many')
    .option('--dry-run', 'say what a run would change now, and write nothing')
    .action(async (options: SyncOptions) => {
      const { ProgressView } = await import('../sync/progress-view.ts');
      const { runDryRun } = await import('../sync/dry-run.ts');
      const { runSync } = await import('../sync.ts');
      const terminal = jsonForm(options) === null ? movableTerminal(context) : null;
      using view = terminal === null ? null : new ProgressView(terminal, { style: () => styleOf(context), signal });
      const { config, log } = await readConfigAndLog(context, (write) => (view === null ? write() : view.above(write)));
      const run = options.dryRun ? runDryRun : runSync;
      setExitCode(await run(config, options, { log, signal, print, style: styleOf(context), view }));
    });
  addHelp(addJsonOptions(sync), {
    examples: [
      ['every account', 'sync'],
      ['two of them', 'sync --account P12345678 --account T12345678'],
      ['see what a run would change', 'sync --dry-run'],
      ['its cases are really gone: mark them missing', 'sync --account P12345678 --accept-missing'],
    ],
    done: 'every run succeeded',
    exits: { 1: 'a run failed, or reports could not be updated', 3: 'all runs finished, some are partial' },
  });
}
