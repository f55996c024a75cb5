import type { Command } from 'commander';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import { runShowShape, type ShapeOptions } from '../show/shape.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds the command that shows what is stored; each kind of content is a sub-command. */
export function addDataCommands(program: Command, context: ProcessContext): void {
  const { signal, print } = context;
  const shape = program
    .command('show')
    .description('what is stored')
    .command('shape')
    .description('paths, types and counts of events[].case, without its values')
    .option('--account <id>', 'only cases of this account; may be repeated', collect)
    .option('--json', 'as JSON')
    .action(async (options: ShapeOptions) => {
      const { settings, log } = readLookSettings(context);
      await runShowShape(settings, options, { log, signal, print, style: styleOf(context) });
    });
  addHelp(shape, {
    examples: [['the paths that reports.facts may name', 'show shape --account P12345678']],
    exits: { 1: 'the database cannot be read' },
  });
}
