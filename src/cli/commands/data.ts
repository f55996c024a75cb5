import { type Command, Option } from 'commander';
import { FORMATS } from '../export/encoder.ts';
import { type ExportOptions, runExport } from '../export.ts';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import { runShowShape, type ShapeOptions } from '../show/shape.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds the commands that show and copy what is stored. */
export function addDataCommands(program: Command, context: ProcessContext): void {
  addShow(program, context);
  addExport(program, context);
}

function addExport(program: Command, context: ProcessContext): void {
  const command = program
    .command('export')
    .description('views of schema reporting as files, all as of one moment')
    .argument('<view...>', 'cdd-sync show lists them')
    .addOption(new Option('--format <format>', 'by the file name, else csv').choices(FORMATS))
    .option('--since <day>', 'only rows that were added or changed from this day on')
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('-o, --output <path>', 'the file, for several views the folder; "-" is stdout', '-')
    .action(async (views: string[], options: ExportOptions) => {
      const { settings, log } = readLookSettings(context);
      await runExport(settings, views, options, { ...context, log });
    });
  addHelp(command, {
    examples: [
      ['for a spreadsheet', 'export cases -o cases.csv'],
      ['for a data platform: a folder of files that fit together', 'export cases decisions --format parquet -o out/'],
      [
        'what changed since a day, into another program',
        'export status_transitions --since 2026-11-01 --format ndjson',
      ],
    ],
    exits: { 1: 'the database cannot be read, or the file cannot be written; no file is left' },
  });
}

function addShow(program: Command, context: ProcessContext): void {
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
