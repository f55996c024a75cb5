import type { CsvValue, Exact } from '../../model/csv.ts';
import { parseExact } from '../../model/exact-json.ts';
import { identifier } from '../../store/postgres/identifier.ts';
import { Prisma } from '../../store/postgres/pool.ts';
import type { PublishedColumn } from '../../store/published/catalogue.ts';

type Kind = 'text' | 'number' | 'boolean' | 'time' | 'day' | 'json' | 'list';

/** A column of which rows are read. */
export type Field = PublishedColumn & { kind: Kind };

/** Values as Postgres prints them, lists as JSON: exact, with microseconds and every digit. */
export type Row = Readonly<Record<string, string | null>>;

const KINDS: Record<string, Kind> = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  numeric: 'number',
  boolean: 'boolean',
  'timestamp with time zone': 'time',
  date: 'day',
  jsonb: 'json',
};

/** The columns with the kind of their values, by which they are selected and written. */
export function fieldsOf(columns: readonly PublishedColumn[]): Field[] {
  return columns.map((column) => ({ ...column, kind: kindOf(column.type) }));
}

function kindOf(type: string): Kind {
  return type.endsWith('[]') ? 'list' : (KINDS[type] ?? 'text');
}

/** The select list that gives rows of the type Row. */
export function selectList(fields: readonly Field[]): Prisma.Sql {
  return Prisma.join(
    fields.map(({ name, kind }) => {
      const column = identifier(name);
      const value = kind === 'list' ? Prisma.sql`to_json(${column})` : column;
      return Prisma.sql`${value}::text as ${column}`;
    }),
  );
}

/** The cells of a line of CSV. Text from outside stays text, so that `csvLine` can keep formulas from running. */
export function csvValues(fields: readonly Field[], row: Row): (CsvValue | Exact)[] {
  return fields.map(({ name, kind }) => {
    const text = row[name] ?? null;
    if (text === null || kind === 'text') return text;
    return { exact: kind === 'time' ? isoTime(text) : text };
  });
}

/** The row as an object for JSON, with nested JSON. */
export function jsonObject(fields: readonly Field[], row: Row): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { name, kind } of fields) object[name] = jsonValue(kind, row[name] ?? null);
  return object;
}

function jsonValue(kind: Kind, text: string | null): unknown {
  if (text === null) return null;
  if (kind === 'time') return isoTime(text);
  if (kind === 'boolean') return text === 'true';
  if (kind === 'json' || kind === 'list') return parseExact(text);
  return kind === 'number' ? jsonNumber(text) : text;
}

/** A whole number that JavaScript cannot hold stays a text: most programs would round it without a word. */
function jsonNumber(text: string): number | string {
  const value = Number(text);
  const isExact = Number.isFinite(value) && (Number.isSafeInteger(value) || !Number.isInteger(value));
  return isExact ? value : text;
}

/** ISO 8601 in UTC with the microseconds of Postgres, whose own form has a space, and `+00` for the zone. */
export function isoTime(text: string): string {
  return text.replace(/^(\S+) (\S+)\+00$/, '$1T$2Z');
}
