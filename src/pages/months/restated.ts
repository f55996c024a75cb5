import type { Transaction } from '../../store/postgres/pool.ts';
import { isInScope, type Scope } from '../overview/scope.ts';
import type { Month } from './figures.ts';
import { type AccountCounts, ofAccount } from './queries.ts';

export type ComparedRow = {
  account_id: string;
  figure: string;
  was: number;
  is: number;
  difference: number;
  /** At most 20. */
  case_ids: string[];
};

/** The figures of flow_daily of a month, as known at an instant and as known now, by account. */
export async function readCompared(tx: Transaction, scope: Scope, month: Month, known: string): Promise<ComparedRow[]> {
  const rows = await tx.$queryRaw<ComparedRow[]>`
    select account_id, figure, was, "is", difference, case_ids::text[]
    from reporting.flow_compared(
      ${known}::timestamptz,
      from_month => ${month.first}::date,
      to_month => ${month.first}::date
    )
    where ${ofAccount(scope)}
    order by account_id, array_position(array['opened', 'decided', 'approved', 'declined', 'reopened', 'left_active'], figure)`;
  return rows.filter(({ account_id }) => isInScope(scope, account_id));
}

/** The counts as they were known at the instant. */
export function countsThen(rows: readonly ComparedRow[]): AccountCounts[] {
  return rows.flatMap(({ account_id, figure, was }) => (isCount(figure) ? [{ account_id, [figure]: was }] : []));
}

/** The rows of reporting.restatements. */
export function restated(rows: readonly ComparedRow[]): ComparedRow[] {
  return rows.filter(({ was, is }) => was !== is);
}

function isCount(figure: string): figure is 'opened' | 'decided' | 'approved' | 'declined' | 'reopened' {
  return ['opened', 'decided', 'approved', 'declined', 'reopened'].includes(figure);
}

export type Reasons = {
  /** Cases whose timeline was read. */
  cases: number;
  /** Events and changes of status that had happened before the instant, and were learned after it. */
  late: number;
  corrected: number;
  /** Cases that were learned after it. */
  created: number;
  /** Cases that came back to the list after it. */
  returned: number;
};

/** A timeline takes half a millisecond. */
const MOST_CASES = 400;

/** Counts the news after the instant, of the cases behind the differences. */
export async function readReasons(tx: Transaction, rows: readonly ComparedRow[], known: string): Promise<Reasons> {
  const keys = new Set(rows.flatMap(({ account_id, case_ids }) => case_ids.map((id) => `${account_id}/${id}`)));
  const read = [...keys].slice(0, MOST_CASES);
  const [row] = await tx.$queryRaw<Omit<Reasons, 'cases'>[]>`
    select
      (count(*) filter (where kind in ('event', 'status') and at <= ${known}::timestamptz))::integer as late,
      (count(*) filter (where kind = 'corrected'))::integer as corrected,
      (count(distinct case_key) filter (where kind = 'created'))::integer as created,
      (count(distinct case_key) filter (where kind = 'returned'))::integer as returned
    from reporting.case_timeline
    where case_key = any (${read}::text[]) and recorded_at > ${known}::timestamptz`;
  return { cases: read.length, late: 0, corrected: 0, created: 0, returned: 0, ...row };
}
