import { type Command, Option } from 'commander';
import type { CaseOptions } from '../case.ts';
import { FORMATS } from '../export/format.ts';
import type { ExportOptions } from '../export.ts';
import { type ProcessContext, readLookSettings } from '../process-context.ts';
import { SHOW_FORMATS, type ShowOptions } from '../show/options.ts';
import type { ShapeOptions } from '../show/shape.ts';
import { addJsonOptions, type JsonOptions, jsonForm } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { collect, wholeNumber } from './options.ts';

/** More than a database has. */
const MOST_ROWS = 1_000_000_000;

/** Adds the commands that show and copy what is stored. */
export function addDataCommands(program: Command, context: ProcessContext): void {
  addShow(program, context);
  addCase(program, context);
  addExport(program, context);
}

function addCase(program: Command, context: ProcessContext): void {
  const command = program
    .command('case')
    .description('one case: what happened, when it was learned, and what was believed before')
    .argument('<id>', 'its id, the first 8 characters of it, or ACCOUNT/ID')
    .option('--account <id>', 'only of this account; may be repeated', collect)
    .option('--known-at <time>', 'as it was known then: a day (its end), a local time, or a time with its offset')
    .action(async (id: string, options: CaseOptions & JsonOptions) => {
      const { settings, log } = await readLookSettings(context);
      const { runCase } = await import('../case.ts');
      await runCase(settings, id, options, { ...context, log, style: styleOf(context), form: jsonForm(options) });
    });
  addHelp(addJsonOptions(command), {
    examples: [
      ['the story of a case', 'case 0caeec5f'],
      ['what was known of it at the end of a month', 'case P12345678/0caeec5f --known-at 2026-10-31'],
    ],
    exits: { 1: 'the database cannot be read' },
  });
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
      const { settings, log } = await readLookSettings(context);
      const { runExport } = await import('../export.ts');
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
    exits: { 1: 'the database cannot be read, or writing fails midway; no file is left' },
  });
}

function addShow(program: Command, context: ProcessContext): void {
  const show = program
    .command('show')
    // Otherwise --account of the sub-command would be taken for that of the command.
    .enablePositionalOptions()
    .description('rows of a view or function of schema reporting; without a name, the list of them')
    .argument('[view]', 'its name, such as cases')
    .argument('[argument...]', 'arguments of a function; a day means its end')
    .option('--account <id>', 'only this account; may be repeated', collect)
    .option('--where <column=value>', 'only such rows; may be repeated', collect)
    .option('--columns <names>', 'these columns only, with commas in between', collect)
    .option('--limit <number>', 'at most so many rows; a table has 50 without it', wholeNumber(MOST_ROWS))
    .addOption(new Option('--format <format>').choices(SHOW_FORMATS).default('table').conflicts(['json', 'jsonl']))
    .action(async (view: string | undefined, args: string[], options: ShowOptions & JsonOptions) => {
      const { settings, log } = await readLookSettings(context);
      const form = jsonForm(options);
      const format = form === null ? options.format : form === 'json' ? 'json' : 'ndjson';
      const names = view === undefined ? [] : [view, ...args];
      const { runShow } = await import('../show.ts');
      await runShow(settings, names, { ...options, format }, { ...context, log, style: styleOf(context) });
    });
  addHelp(addJsonOptions(show), {
    examples: [
      ['which views there are', 'show'],
      ['cases that somebody must review by hand', 'show cases --where status=UNDER_MANUAL_REVIEW'],
      ['what happened on a day', 'show status_transitions --where occurred_at=2026-11-03'],
      ['the statuses of all cases at the end of a day', 'show cases_as_of 2026-10-31 --format csv'],
    ],
    exits: { 1: 'the database cannot be read' },
  });
  addShape(show, context);
}

function addShape(show: Command, context: ProcessContext): void {
  const { signal, print } = context;
  const shape = show
    .command('shape')
    .description('paths, types and counts of events[].case, without its values')
    .option('--account <id>', 'only cases of this account; may be repeated', collect)
    .action(async (options: ShapeOptions) => {
      const { settings, log } = await readLookSettings(context);
      const { runShowShape } = await import('../show/shape.ts');
      await runShowShape(settings, options, { log, signal, print, style: styleOf(context) });
    });
  addHelp(addJsonOptions(shape), {
    examples: [['the paths that reports.facts may name', 'show shape --account P12345678']],
    exits: { 1: 'the database cannot be read' },
  });
}
