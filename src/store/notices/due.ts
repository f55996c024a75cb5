import { Prisma } from '../postgres/pool.ts';

/** Whether the time of a next try has come; null = at any time. A time far ahead was stored while the clock was wrong. */
export function isDue(column: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${column} is null or now() not between ${column} - interval '1 day' and ${column})`;
}
