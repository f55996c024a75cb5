import { exactTimeText } from '../../postgres/exact-time.ts';
import { Prisma } from '../../postgres/pool.ts';

/** A table of the history, and its digests: functions of prisma/definitions/cdd that take a row. */
export type HistoryTable = {
  name: string;
  /** Digest of a row as it was added. */
  added: string;
  /** Digest of the key and superseded_at of a row that was closed; null = rows of this table are never closed. */
  closed: string | null;
  /** SQL for the key of the row `stored`, in words and without account and case. */
  key: string;
};

export const historyTables: readonly HistoryTable[] = [
  {
    name: 'case_revisions',
    added: 'revision_digest',
    closed: 'closed_revision_digest',
    key: `'revision ' || stored.revision`,
  },
  {
    name: 'event_revisions',
    added: 'event_digest',
    closed: 'closed_event_digest',
    key: `'id ' || stored.id || ', revision ' || stored.revision`,
  },
  { name: 'event_bodies', added: 'bodies_digest', closed: null, key: `'revision ' || stored.revision` },
  {
    name: 'status_transitions',
    added: 'transition_digest',
    closed: 'closed_transition_digest',
    key: `'sequence ' || stored.sequence || ', recorded at ' || ${exactTimeText('stored.recorded_at')}`,
  },
  {
    name: 'case_problems',
    added: 'problem_digest',
    closed: 'closed_problem_digest',
    key: `'path ' || stored.path || ', reason ' || stored.reason || ', recorded at ' || ${exactTimeText('stored.recorded_at')}`,
  },
];

/** Whether leaves of a part cover rows of a table. Revisions are in the parts document and presence. */
export function isOfPart(table: string, part: string | null): boolean {
  if (part === 'problems') return table === 'case_problems';
  return part === 'presence' ? table === 'case_revisions' : table !== 'case_problems';
}

/** Case ids after `after` up to `upTo`; null = without that bound. Together, the ranges hold every uuid. */
export type CaseRange = { accountId: string; after: string | null; upTo: string | null };

/** A condition on `account_id` and `case_id` of the row `alias`. */
export function inRange({ accountId, after, upTo }: CaseRange, alias: string): Prisma.Sql {
  const column = Prisma.raw(`${alias}.case_id`);
  const conditions = [
    Prisma.sql`${Prisma.raw(`${alias}.account_id`)} = ${accountId}`,
    ...(after === null ? [] : [Prisma.sql`${column} > ${after}::uuid`]),
    ...(upTo === null ? [] : [Prisma.sql`${column} <= ${upTo}::uuid`]),
  ];
  return Prisma.join(conditions, ' and ');
}

/** The first rows that a check found, and the number of all. */
export type Found<Row> = { rows: Row[]; total: number };

/** Splits rows that carry `total`, the number of all, in a column. */
export function foundOf<Row extends { total: number }>(rows: Row[]): Found<Row> {
  return { rows, total: rows[0]?.total ?? 0 };
}
