import { Prisma } from '../postgres/pool.ts';

/**
 * Whether the time of a next try has come; null = at any time. One that lies further ahead than the longest wait was stored
 * while the clock was ahead.
 */
function isDue(column: Prisma.Sql, longestMinutes: number): Prisma.Sql {
  const longest = Prisma.sql`${longestMinutes} * interval '1 minute'`;
  return Prisma.sql`(${column} is null or now() not between ${column} - ${longest} and ${column})`;
}

/** Of a stored_channel. It waits an hour at most: for a person, or because the receiver asks for it. */
export const isChannelDue = isDue(Prisma.sql`stored_channel.next_try_at`, 60);

/** The condition that the next try of a deferral is due. Its longest wait is twelve hours. */
export const isDeferralDue = isDue(Prisma.sql`deferral.next_try_at`, 12 * 60);
