import { Prisma } from '../generated/client.ts';

/**
 * SQL that writes a time in UTC with its microseconds, `2026-11-03T13:05:09.123456Z`: a Date has milliseconds only. Texts
 * of this form are in the order of times. Postgres reads every text again, also of times that only a hand can have written:
 * `infinity`, and times before our era. The column becomes part of the statement: never pass input.
 */
export function exactTime(column: string): Prisma.Sql {
  return Prisma.raw(exactTimeText(column));
}

/** The same as a text, for statements that are put together from texts. */
export function exactTimeText(column: string): string {
  return `case
    when isfinite(${column})
      then to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || case when ${column} < timestamptz '0001-01-01T00:00:00Z' then ' BC' else '' end
    else (${column})::text
  end`;
}
