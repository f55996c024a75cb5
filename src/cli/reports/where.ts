import { isDay } from '../../model/day.ts';
import { UsageError } from '../../model/usage-error.ts';
import { isUuid } from '../../model/uuid.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { identifier } from '../../store/postgres/identifier.ts';
import { Prisma } from '../../store/postgres/pool.ts';
import type { Published } from '../../store/published/catalogue.ts';
import { type Field, fieldsOf } from './cells.ts';
import { findColumn } from './find.ts';

/**
 * The rows that `--where COLUMN=VALUE` chooses: of different columns all must fit, of one column any. Values are
 * parameters of the statement.
 * @throws UsageError for a column that the view has not, and a value that its type has not.
 */
export function whereCondition(texts: readonly string[], view: Published, timezone: string): Prisma.Sql[] {
  const byColumn = new Map<string, Prisma.Sql[]>();
  for (const text of texts) {
    const { column, value } = parts(text);
    const [field] = fieldsOf([findColumn(column, view)]);
    if (field === undefined) continue;
    byColumn.set(field.name, [...(byColumn.get(field.name) ?? []), condition(field, value, timezone)]);
  }
  return [...byColumn.values()].map((any) => Prisma.sql`(${Prisma.join(any, ' or ')})`);
}

function parts(text: string): { column: string; value: string } {
  const [, column = '', operator, value = ''] = /^\s*([^=<>!~]*?)\s*([<>!~]=?|=)(.*)$/s.exec(text) ?? [];
  if (operator === '=' && column !== '') return { column, value };
  const advice = operator === undefined || column === '' ? '' : `; only "=" is understood, for more use SQL`;
  throw new UsageError(`--where needs COLUMN=VALUE, such as status=ACTIVE, and not ${visibleLine(text)}${advice}`);
}

/** `null` is SQL's null in every column. */
function condition(field: Field, text: string, timezone: string): Prisma.Sql {
  const column = identifier(field.name);
  const value = text.trim();
  if (/^null$/i.test(value)) return Prisma.sql`${column} is null`;
  const made = CONDITIONS[field.kind]({ column, value, text, timezone, type: field.type });
  if (made !== null) return made;
  const expected = field.type === 'uuid' ? EXPECTED.uuid : EXPECTED[field.kind];
  throw new UsageError(
    `--where ${field.name}=${visibleLine(text)}: ${field.name} is ${expected}; null stands for no value`,
  );
}

const EXPECTED = {
  text: 'text',
  uuid: 'an id of 36 characters (cdd-sync case finds a case by the first 8)',
  number: 'a number, with a point: 12.5',
  boolean: 'true or false',
  time: 'a day (2026-11-03), a local time (2026-11-03 14:05) or a time with its offset (2026-11-03T13:05:00Z)',
  day: 'a day (2026-11-03) or a month (2026-11)',
  json: 'JSON',
  list: 'a list: one of its values, or all of them as {checkout,payout}',
};

type Input = { column: Prisma.Sql; value: string; text: string; timezone: string; type: string };

/** Null for a value of another type. */
const CONDITIONS: Record<Field['kind'], (input: Input) => Prisma.Sql | null> = {
  text: ({ column, value, text, type }) => {
    if (type === 'uuid') return isUuid(value) ? Prisma.sql`${column} = ${value}::uuid` : null;
    return text.includes('\0') ? null : Prisma.sql`${column} = ${text}::text`;
  },
  number: ({ column, value }) =>
    /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(value) ? Prisma.sql`${column} = ${value}::numeric` : null,
  boolean: ({ column, value }) => {
    if (/^(true|t|yes|y)$/i.test(value)) return Prisma.sql`${column}`;
    return /^(false|f|no|n)$/i.test(value) ? Prisma.sql`not ${column}` : null;
  },
  time: timeCondition,
  day: ({ column, value }) => {
    if (isDay(value)) return Prisma.sql`${column} = ${value}::date`;
    if (!isDay(`${value}-01`)) return null;
    return Prisma.sql`date_trunc('month', ${column}::timestamp) = ${`${value}-01`}::timestamp`;
  },
  json: ({ column, value }) => (isJson(value) ? Prisma.sql`${column} = ${value}::jsonb` : null),
  list: ({ column, value, text }) => {
    const all = /^\{(.*)\}$/s.exec(value)?.[1];
    if (text.includes('\0')) return null;
    if (all === undefined) return Prisma.sql`${text} = any(${column}::text[])`;
    const values = all === '' ? [] : all.split(',').map((one) => one.trim());
    return Prisma.sql`${column}::text[] = ${values}::text[]`;
  },
};

/** A time means the whole day, minute or second that it names: nobody knows the microseconds of a time. */
function timeCondition({ column, value, timezone }: Input): Prisma.Sql | null {
  const local = Prisma.sql`(${column} at time zone ${timezone})`;
  if (isDay(value)) return Prisma.sql`${local}::date = ${value}::date`;
  const form = /^(\S{10})[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$/i;
  const [, date = '', second, fraction, offset] = form.exec(value) ?? [];
  if (!isDay(date) || Number.isNaN(Date.parse(`${value.replace(' ', 'T')}${offset === undefined ? 'Z' : ''}`)))
    return null;
  const unit = second === undefined ? 'minute' : fraction === undefined ? 'second' : 'microsecond';
  if (offset === undefined) return Prisma.sql`date_trunc(${unit}, ${local}) = ${value}::timestamp`;
  return Prisma.sql`date_trunc(${unit}, ${column}) = ${value}::timestamptz`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return !text.includes('\\u0000');
  } catch {
    return false;
  }
}
