import type { Published } from '../../store/published/catalogue.ts';
import { printJson } from '../terminal/json.ts';
import { table } from '../terminal/table.ts';
import type { ShowContext, ShowOptions } from './options.ts';
import { signature } from './query.ts';

/** Prints all views and functions, each with the first sentence of its comment. */
export async function printViews(
  published: readonly Published[],
  { format }: ShowOptions,
  context: ShowContext,
): Promise<void> {
  const rows = published.map((view) => ({ view: signature(view), rows: firstSentence(view.comment) }));
  if (format === 'json' || format === 'ndjson') {
    return printJson(rows, format === 'json' ? 'json' : 'jsonl', context.print);
  }
  const { text } = table(
    [
      { heading: 'view', text: ({ view }) => view, importance: 1, minWidth: 24 },
      { heading: 'rows', text: (row) => row.rows, importance: 1, minWidth: 24 },
    ],
    rows,
    context.style,
  );
  context.print(text);
  context.printError('\nRows of one: cdd-sync show cases. Columns and meanings: docs/reporting.md');
}

function firstSentence(comment: string): string {
  return /^.*?\.(?=\s|$)/s.exec(comment)?.[0] ?? comment;
}
