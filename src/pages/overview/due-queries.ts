import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope, type Scope } from './scope.ts';

export type ReviewGroup = { state: 'overdue' | 'due_soon'; cases: number; first_due: string; last_due: string };

/** Periodic reviews that are due. Only these few are looked up among the cases, one by one. */
export function readReviews(tx: Transaction, scope: Scope): Promise<ReviewGroup[]> {
  return tx.$queryRaw<ReviewGroup[]>`
    with due as materialized (
      select account_id, case_id, state, due_at
      from reporting.periodic_reviews
      where state in ('overdue', 'due_soon') and ${accountsInScope(scope)}
    )
    select due.state, count(*)::integer as cases, min(due.due_at)::date::text as first_due, max(due.due_at)::date::text as last_due
    from due
    cross join lateral (
      select from reporting.cases
      where cases.account_id = due.account_id and cases.case_id = due.case_id
        and (is_primary or ${scope.accountId !== null})
      offset 0
    ) as counted_case
    group by due.state
    order by due.state desc`;
}

export type QualityFinding = {
  check_name: string;
  severity: 'error' | 'warning';
  items: number;
  accounts: number;
  /** An account with findings. */
  account_id: string;
  example: string | null;
};

/** Checks that a person must do something about; all errors are among them. */
const TO_MEND = ['rejected_items', 'reports_behind', 'reports_failed', 'clock_ahead'];

/**
 * Checks that this list leaves out. Cases in an unknown status have a line of their own, which counts as their list does. A
 * case in two accounts is normal for partners.
 */
const TOLD_ELSEWHERE = ['unknown_statuses', 'case_under_two_accounts'];

/** Findings that a person must mend, one row a check. Each check is a query: Postgres then skips the other checks of the view. */
export function readQuality(tx: Transaction, scope: Scope): Promise<QualityFinding[]> {
  const checks = TO_MEND.map((name) => qualityOf(scope, Prisma.sql`check_name = ${name}`));
  return tx.$queryRaw<QualityFinding[]>`${Prisma.join(checks, ' union all ')} order by severity, check_name`;
}

/** Findings that need no action, one row a check. */
export function readFindings(tx: Transaction, scope: Scope): Promise<QualityFinding[]> {
  const others = Prisma.sql`severity = 'warning' and check_name <> all (${[...TO_MEND, ...TOLD_ELSEWHERE]})`;
  return tx.$queryRaw<QualityFinding[]>`${qualityOf(scope, others)} order by check_name`;
}

function qualityOf(scope: Scope, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select
      check_name,
      min(severity) as severity,
      sum(items)::float8 as items,
      count(*)::integer as accounts,
      min(account_id) as account_id,
      min(example) as example
    from reporting.data_quality
    where items > 0 and ${condition} and ${accountsInScope(scope)}
    group by check_name`;
}
