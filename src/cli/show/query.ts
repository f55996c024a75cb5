import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { identifier } from '../../store/postgres/identifier.ts';
import { type Database, Prisma, type Transaction } from '../../store/postgres/pool.ts';
import type { Parameter, Published } from '../../store/published/catalogue.ts';
import { type Field, type Row, selectList } from '../reports/cells.ts';
import { happenedOf } from '../reports/cursor.ts';
import { readDay, readMoment } from '../reports/time-input.ts';

/** The rows of a view or function that are asked for. */
export type Question = { view: Published; source: Prisma.Sql; conditions: readonly Prisma.Sql[] };

/** The rows, the latest first. */
export function rowsQuery({ view, source, conditions }: Question, fields: readonly Field[]): Prisma.Sql {
  return Prisma.sql`
    select ${selectList(fields)}
    from ${source}
    ${where(conditions)}
    order by ${order(view)}`;
}

/** The number of these rows. */
export function countQuery({ source, conditions }: Question): Prisma.Sql {
  return Prisma.sql`select count(*)::text as count from ${source} ${where(conditions)}`;
}

function where(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join([...conditions], ' and ')}`;
}

/** Columns that order rows of one case and time. They count upwards, so they are sorted like times: latest first. */
const COUNTERS = ['sequence', 'number', 'revision', 'event_id', 'recorded_at'];
const NAMES = ['fact', 'path', 'field', 'kind', 'title', 'other_account_id', 'other_case_id'];

/**
 * The latest rows first; where the view has no time, and among rows of one time, by the columns from left to right. Views
 * of cases have a million rows and columns that cost much, so only their cheap ones are compared.
 */
function order(view: Published): Prisma.Sql {
  const time = happenedOf(view);
  const isCheap = (name: string) => [...KEY, ...COUNTERS, ...NAMES].includes(name);
  const others = view.columns.filter(({ name }) => name !== time && (!isOfCases(view) || isCheap(name)));
  // With the name of the view: alone, a name would be the column of the answer, which is a text.
  const column = (name: string) => Prisma.sql`${identifier(view.name)}.${identifier(name)}`;
  return Prisma.join([
    ...(time === null ? [] : [Prisma.sql`${column(time)} desc nulls last`]),
    ...others.map(({ name }) => (COUNTERS.includes(name) ? Prisma.sql`${column(name)} desc nulls last` : column(name))),
  ]);
}

const KEY = ['account_id', 'case_id'];

function isOfCases({ columns }: Published): boolean {
  return KEY.every((key) => columns.some(({ name }) => name === key));
}

type Key = { account_id: string; case_id: string };

/**
 * The first rows of a question. Of a view of cases, first only the keys are read, then all columns of the cases found:
 * Postgres computes every column of a view before it sorts, for a million transitions for a minute.
 */
export async function readFirst(
  tx: Transaction,
  question: Question,
  { fields, limit }: { fields: readonly Field[]; limit: number },
): Promise<Row[]> {
  const first = (one: Question) => Prisma.sql`${rowsQuery(one, fields)} limit ${limit}`;
  if (!isOfCases(question.view)) return tx.$queryRaw<Row[]>(first(question));
  const { view, source, conditions } = question;
  const keys = await tx.$queryRaw<Key[]>`
    select account_id, case_id::text
    from ${source}
    ${where(conditions)}
    order by ${order(view)}
    limit ${limit}`;
  const ofCases = Prisma.sql`
    account_id = any(${[...new Set(keys.map(({ account_id }) => account_id))]}::text[])
    and case_id = any(${[...new Set(keys.map(({ case_id }) => case_id))]}::uuid[])`;
  return tx.$queryRaw<Row[]>(first({ view, source, conditions: [...conditions, ofCases] }));
}

/** @throws UsageError for arguments that the view or function does not take. */
export async function sourceOf(
  view: Published,
  texts: readonly string[],
  { database, timezone }: { database: Database; timezone: string },
): Promise<Prisma.Sql> {
  const name = Prisma.sql`reporting.${identifier(view.name)}`;
  const { parameters } = view;
  if (parameters === null) {
    if (texts.length === 0) return name;
    throw new UsageError(`${view.name} is a view and takes no arguments; --where chooses rows`);
  }
  const required = parameters.filter(({ isOptional }) => !isOptional).length;
  if (texts.length < required || texts.length > parameters.length) {
    throw new UsageError(`write: cdd-sync show ${signature(view)}`);
  }
  const values: Prisma.Sql[] = [];
  for (const [index, text] of texts.entries()) {
    const parameter = parameters[index];
    if (parameter !== undefined) values.push(await argument(parameter, text, { database, timezone }));
  }
  return Prisma.sql`${name}(${values.length === 0 ? Prisma.empty : Prisma.join(values)})`;
}

/** `cases_as_of AT [KNOWN_AT]`: how a function is called on the command line. A view is its name. */
export function signature({ name, parameters }: Published): string {
  const words = (parameters ?? []).map((one) =>
    one.isOptional ? `[${one.name.toUpperCase()}]` : one.name.toUpperCase(),
  );
  return [name, ...words].join(' ');
}

async function argument(
  { name, type }: Parameter,
  text: string,
  { database, timezone }: { database: Database; timezone: string },
): Promise<Prisma.Sql> {
  if (/^null$/i.test(text)) return Prisma.sql`null`;
  if (type === 'date') return Prisma.sql`${readDay(text, name)}::date`;
  if (type !== 'timestamp with time zone') return Prisma.sql`${visibleLine(text)}::text`;
  const { instant } = await readMoment(database, { text, option: name, timezone });
  return Prisma.sql`${instant}::timestamptz`;
}
