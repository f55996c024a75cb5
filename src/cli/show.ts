import { UsageError } from '../model/usage-error.ts';
import { type Database, Prisma } from '../store/postgres/pool.ts';
import type { Published } from '../store/published/catalogue.ts';
import type { LookSettings } from './database.ts';
import { fieldsOf } from './reports/cells.ts';
import { findColumn, findPublished, requireVisibleAccounts } from './reports/find.ts';
import { type Reports, withReports } from './reports/open.ts';
import { whereCondition } from './reports/where.ts';
import { printViews } from './show/list.ts';
import type { ShowContext, ShowOptions } from './show/options.ts';
import { printAll, printTable } from './show/print.ts';
import { type Question, sourceOf } from './show/query.ts';

const SLOW_MS = 8_000;

/** Prints the rows of a view or function of schema reporting; without a name, the list of them. */
export async function runShow(
  settings: LookSettings,
  [name, ...args]: readonly string[],
  options: ShowOptions,
  context: ShowContext,
): Promise<void> {
  await withReports(settings, context, async (reports) => {
    if (name === undefined) await printViews(reports.published, options, context);
    else await showView(reports, { view: findPublished(name, reports.published), args, options, context });
  });
}

type Showing = { view: Published; args: readonly string[]; options: ShowOptions; context: ShowContext };

async function showView(reports: Reports, { view, args, options, context }: Showing): Promise<void> {
  const { database, clock } = reports;
  const accounts = options.account ?? [];
  if (accounts.length > 0 && !view.columns.some((column) => column.name === 'account_id')) {
    throw new UsageError(`${view.name} has no column account_id; leave --account out`);
  }
  await requireVisibleAccounts(database, accounts);
  const question: Question = {
    view,
    source: await sourceOf(view, args, { database, timezone: clock.timezone }),
    conditions: [
      ...whereCondition(options.where ?? [], view, clock.timezone),
      ...(accounts.length === 0 ? [] : [Prisma.sql`account_id = any(${[...accounts]}::text[])`]),
    ],
  };
  const chosen = (options.columns ?? []).flatMap((names) => names.split(',')).map((one) => findColumn(one, view));
  const fields = fieldsOf(chosen.length === 0 ? view.columns : chosen);
  const shown = { question, fields, options, context, areChosen: chosen.length > 0 };
  const slow = setTimeout(() => {
    context.printError(`still reading ${view.name}; with --where or --account it takes less, Ctrl-C stops it`);
  }, SLOW_MS);
  const printing = options.format === 'table' ? printTable(reports, shown) : printAll(database, shown);
  const rows = await printing.finally(() => clearTimeout(slow));
  if (rows === 0) context.printError(await emptyText(database, question));
}

/** The reason for an empty answer. */
async function emptyText(database: Database, { view, conditions }: Question): Promise<string> {
  const [read] = await database.$queryRaw<{ account_id: string }[]>`
    select account_id from reporting.accounts where last_success_at is not null limit 1`;
  if (read === undefined) return 'no rows: no account has been read yet; run: cdd-sync sync';
  if (conditions.length === 0) return 'no rows';
  const text = 'no rows that fit --where and --account';
  if (view.name !== 'retention' || (await haveCasesPeriod(database))) return text;
  return `${text}: every case is kept for ever, so none is due; set retention.cases in the configuration, then run start or sync`;
}

/** Whether a period is configured for any case that the reader sees. */
async function haveCasesPeriod(database: Database): Promise<boolean> {
  const [period] = await database.$queryRaw<{ years: number }[]>`
    select years from reporting.retention where years is not null limit 1`;
  return period !== undefined;
}
