import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { backlogOn } from '../backlog-on.ts';
import { daysBefore, monthOf, type Period } from './period.ts';
import { accountsInScope, type Scope } from './scope.ts';

export type BacklogRow = { day: string /** A status. */; name: string; rank: number | null; cases: number };

/** Open cases at the end of the days of the period, today as of now; not of every day if the period is long. */
export function readBacklog(tx: Transaction, scope: Scope, { today, days }: Period): Promise<BacklogRow[]> {
  const shown = daysBefore(today, { days, every: Math.max(1, Math.round(days / MOST_DAYS)) });
  return tx.$queryRaw<BacklogRow[]>`
    select backlog.day::text, backlog.status as name, status_row.rank, backlog.cases
    from (
      select day, status, sum(cases)::integer as cases
      from ${backlogOn(shown)} as backlog_row
      where is_open and ${accountsInScope(scope)}
      group by day, status
      having sum(cases) > 0
    ) as backlog
    left join reporting.statuses as status_row on status_row.status = backlog.status
    order by backlog.day, backlog.status`;
}

/** The days of a chart and its table, about. */
const MOST_DAYS = 92;

export type Funnel = Record<FunnelStep, number>;
export type FunnelStep =
  | 'opened'
  | 'reached_declaration'
  | 'reached_signature'
  | 'reached_review'
  | 'decided'
  | 'approved';

/** How far the cases of the months of the period have come; null if none was opened. */
export async function readFunnel(tx: Transaction, scope: Scope, { from }: Period): Promise<Funnel | null> {
  const [row] = await tx.$queryRaw<Funnel[]>`
    select
      sum(opened)::integer as opened,
      sum(reached_declaration)::integer as reached_declaration,
      sum(reached_signature)::integer as reached_signature,
      sum(reached_review)::integer as reached_review,
      sum(decided)::integer as decided,
      sum(approved)::integer as approved
    from reporting.funnel_monthly
    where month >= ${monthOf(from)}::date and ${accountsInScope(scope)}
    having sum(opened) > 0`;
  return row ?? null;
}

export type TransitionRow = {
  account_id: string;
  case_id: string;
  name: string | null;
  from_status: string | null;
  to_status: string;
  occurred_at: Date;
  recorded_at: Date;
  /** Hours from one to the other; null if it happened before the account's first run. */
  learned_after_hours: number | null;
};

/** Spans, tried one after the other until they have enough rows: Postgres sorts all rows of a span. Null = all. */
const HOURS_BACK = [24, 30 * 24, null];

/** The transitions that were recorded last. */
export async function readTransitions(tx: Transaction, scope: Scope, limit: number): Promise<TransitionRow[]> {
  let rows: TransitionRow[] = [];
  for (const hours of HOURS_BACK) {
    rows = await readTransitionsSince(tx, scope, { hours, limit });
    if (rows.length === limit) break;
  }
  return rows;
}

type Latest = { hours: number | null; limit: number };

function readTransitionsSince(tx: Transaction, scope: Scope, { hours, limit }: Latest): Promise<TransitionRow[]> {
  return tx.$queryRaw<TransitionRow[]>`
    with latest as materialized (
      select account_id, case_id, from_status, to_status, occurred_at, recorded_at
      from reporting.status_transitions
      where ${accountsInScope(scope)}
        and recorded_at > ${hours === null ? Prisma.sql`'-infinity'` : Prisma.sql`now() - make_interval(hours => ${hours}::integer)`}
      order by recorded_at desc, occurred_at desc, case_id
      limit ${limit}
    )
    select
      latest.account_id,
      latest.case_id::text,
      (
        select payout_destination_name
        from reporting.cases
        where cases.account_id = latest.account_id and cases.case_id = latest.case_id
      ) as name,
      latest.from_status,
      latest.to_status,
      latest.occurred_at,
      latest.recorded_at,
      case
        when latest.occurred_at > account.first_read_at
          then extract(epoch from latest.recorded_at - latest.occurred_at)::float8 / 3600
      end as learned_after_hours
    from latest
    left join reporting.accounts as account on account.account_id = latest.account_id
    order by latest.recorded_at desc, latest.occurred_at desc, latest.case_id`;
}
