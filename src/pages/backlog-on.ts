import { Prisma } from '../store/postgres/pool.ts';

/**
 * The rows of backlog_daily on these days, sorted ones, as a table of a query. Only their spans are counted out: of three
 * years in backlog_daily itself, Postgres would make all days first (a million rows for a hundred accounts).
 */
export function backlogOn(days: readonly string[]): Prisma.Sql {
  const all = Prisma.sql`${[...days]}::date[]`;
  return Prisma.sql`(
    select (${all})[place] as day, account_id, status, stage, is_open, cases
    from (
      select
        account_id,
        status,
        stage,
        is_open,
        cases,
        -- Places of the first and the last of the days in the span.
        generate_series(width_bucket(first_day - 1, ${all}) + 1, width_bucket(last_day, ${all})) as place
      from reporting.backlog_spans
      where last_day >= ${days.at(0) ?? null}::date and first_day <= ${days.at(-1) ?? null}::date
    ) as span
  )`;
}
