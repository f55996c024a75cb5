import { Prisma } from '../../store/postgres/pool.ts';

/** Versions of case_states that were known and whose times are plausible, as in every monthly report. */
export function isReported(known: string | null): Prisma.Sql {
  const held =
    known === null
      ? Prisma.sql`superseded_at is null`
      : Prisma.sql`recorded_at <= ${known}::timestamptz and (superseded_at is null or superseded_at > ${known}::timestamptz)`;
  return Prisma.sql`${held} and not (${hasImplausibleTime(present(known))})`;
}

/** The present of a knowledge; null = that of now. */
export function present(known: string | null): Prisma.Sql {
  return known === null ? Prisma.sql`now()` : Prisma.sql`${known}::timestamptz`;
}

/** Whether a time of the case cannot be true at an instant: it then counts in no monthly report. */
export function hasImplausibleTime(at: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    has_odd_times and coalesce(
      least(opened_at, created_at, deleted_at) < timestamptz '2000-01-01 00:00Z'
      or greatest(opened_at, status_since, created_at, deleted_at) > ${at} + interval '1 day',
      false
    )`;
}
