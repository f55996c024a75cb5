import { UsageError } from '../../model/usage-error.ts';
import { identifier } from '../../store/postgres/identifier.ts';
import { Prisma } from '../../store/postgres/pool.ts';
import type { Published } from '../../store/published/catalogue.ts';
import { type Field, selectList } from '../reports/cells.ts';
import { cursorOf } from '../reports/cursor.ts';

export type Choice = {
  accountIds: readonly string[];
  /** A day of the zone; null = all rows. */
  since: string | null;
  timezone: string;
};

/** @throws UsageError for a view in which nothing tells when a row was added, or that has no account. */
export function requireChoosable(view: Published, { accountIds, since }: Omit<Choice, 'timezone'>): void {
  if (since !== null && cursorOf(view) === null) {
    throw new UsageError(
      `${view.name} shows the present: none of its columns tells when a row was added or changed. Leave --since out, or export it by itself`,
    );
  }
  if (accountIds.length > 0 && !hasColumn(view, 'account_id')) {
    throw new UsageError(`${view.name} has no column account_id; leave --account out, or export it by itself`);
  }
}

/**
 * The rows of a view. With `since`, those that were added, changed, or replaced by newer ones from that day on: a copy
 * must learn of rows that no longer hold.
 */
export function exportQuery(view: Published, fields: readonly Field[], choice: Choice): Prisma.Sql {
  const { accountIds, since, timezone } = choice;
  const conditions = [
    ...(accountIds.length === 0 ? [] : [Prisma.sql`account_id = any(${[...accountIds]}::text[])`]),
    ...(since === null ? [] : [sinceCondition(view, since, timezone)]),
  ];
  const where = conditions.length === 0 ? Prisma.empty : Prisma.sql`where ${Prisma.join(conditions, ' and ')}`;
  return Prisma.sql`select ${selectList(fields)} from reporting.${identifier(view.name)} ${where}`;
}

function sinceCondition(view: Published, since: string, timezone: string): Prisma.Sql {
  const cursor = cursorOf(view) ?? '';
  // The row of a month belongs to all of its days.
  if (cursor === 'month') return Prisma.sql`month >= date_trunc('month', ${since}::date::timestamp)::date`;
  if (cursor === 'day') return Prisma.sql`day >= ${since}::date`;
  const begin = Prisma.sql`(${since}::date::timestamp at time zone ${timezone})`;
  const added = Prisma.sql`${identifier(cursor)} >= ${begin}`;
  return hasColumn(view, 'superseded_at') ? Prisma.sql`(${added} or superseded_at >= ${begin})` : added;
}

function hasColumn({ columns }: Published, name: string): boolean {
  return columns.some((column) => column.name === name);
}
