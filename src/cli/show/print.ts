import { DatabaseError } from '../../store/postgres/errors.ts';
import { type Database, Prisma } from '../../store/postgres/pool.ts';
import { readBatches } from '../../store/published/rows.ts';
import { encoderOf } from '../export/encoder.ts';
import { outputSink } from '../export/stdout.ts';
import { type Field, jsonObject, type Row } from '../reports/cells.ts';
import type { Reports } from '../reports/open.ts';
import { printJson } from '../terminal/json.ts';
import type { ShowContext, ShowOptions } from './options.ts';
import { countQuery, type Question, readFirst, rowsQuery } from './query.ts';
import { hiddenText, rowsText, shareText } from './table.ts';

/** Rows of a table that nobody limited. The other formats are for programs, which must not lose rows. */
const USUAL_LIMIT = 50;
/** A table must be in memory as a whole, to know how wide its columns are. */
const MOST_IN_TABLE = 10_000;
const COUNT_MS = '5s';

/** Rows and columns of a view to print. */
export type Shown = {
  question: Question;
  fields: readonly Field[];
  /** Whether somebody asked for these columns. */
  areChosen: boolean;
  options: ShowOptions;
  context: ShowContext;
};

/** Prints a table, and to stderr a note about rows and columns that it leaves out. Returns the number of rows. */
export async function printTable({ database, clock }: Reports, shown: Shown): Promise<number> {
  const { question, fields, options, context, areChosen } = shown;
  const limit = Math.min(options.limit ?? USUAL_LIMIT, MOST_IN_TABLE);
  const found = await database.transact((tx) => readFirst(tx, question, { fields, limit: limit + 1 }), {
    isReadOnly: true,
    signal: context.signal,
  });
  const rows = found.slice(0, limit);
  if (rows.length === 0) return 0;
  const { text, hidden } = rowsText(fields, rows, { timezone: clock.timezone, style: context.style, areChosen });
  await context.print(text);
  const hasTimes = rows.length > 1 && fields.some(({ kind, name }) => kind === 'time' && !hidden.includes(name));
  const hints = [
    ...(hasTimes ? [`times are those of ${clock.timezone}`] : []),
    ...(found.length > limit ? [`${shareText(limit, await totalOf(database, question))}; ${allText(shown)}`] : []),
    ...(hidden.length > 0 ? [hiddenText(hidden)] : []),
  ];
  if (hints.length > 0) context.printError(`\n${hints.join('\n')}`);
  return rows.length;
}

function allText({ question: { view }, options }: Shown): string {
  const isSmall = (options.limit ?? USUAL_LIMIT) < MOST_IN_TABLE;
  const more = isSmall ? 'more with --limit, all with ' : 'all with ';
  // An export has no conditions, and functions are not exported.
  const isWholeView = view.parameters === null && options.where === undefined;
  return isWholeView ? `${more}cdd-sync export ${view.name}` : `${more}--format csv`;
}

/** Null when Postgres needs long to count. */
async function totalOf(database: Database, question: Question): Promise<number | null> {
  const settings = { statement_timeout: COUNT_MS };
  const counting = database.transact((tx) => tx.$queryRaw<{ count: string }[]>(countQuery(question)), {
    isReadOnly: true,
    settings,
  });
  const rows = await counting.catch((error: unknown) => {
    if (error instanceof DatabaseError && error.sqlState === '57014') return null;
    throw error;
  });
  return rows === null ? null : Number(rows[0]?.count);
}

/** Prints all rows for a program, as they come. Returns their number. */
export async function printAll(database: Database, shown: Shown): Promise<number> {
  const { question, fields, options, context } = shown;
  const { limit, format } = options;
  const query = rowsQuery(question, fields);
  let rows = 0;
  await database.transact(
    async (tx) => {
      const batches = readBatches<Row>(tx, limit === undefined ? query : Prisma.sql`${query} limit ${limit}`);
      const counted = (async function* () {
        for await (const batch of batches) {
          rows += batch.length;
          yield batch;
        }
      })();
      if (format === 'csv') await printCsv(fields, counted, context);
      else await printJson(objectsOf(fields, counted), format === 'json' ? 'json' : 'jsonl', context.print);
    },
    { isReadOnly: true, signal: context.signal, settings: { idle_in_transaction_session_timeout: '1h' } },
  );
  return rows;
}

async function printCsv(fields: readonly Field[], batches: AsyncIterable<Row[]>, context: ShowContext): Promise<void> {
  const encoder = encoderOf('csv', fields, { isFile: false });
  const sink = outputSink(context);
  await sink.write(encoder.begin());
  for await (const batch of batches) await sink.write(encoder.add(batch));
}

async function* objectsOf(fields: readonly Field[], batches: AsyncIterable<Row[]>): AsyncGenerator<object> {
  for await (const batch of batches) for (const row of batch) yield jsonObject(fields, row);
}
