import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope, isInScope, type Scope } from '../overview/scope.ts';
import { ALL, type Counts, type Figures, type Month, NO_COUNTS, type Times } from './figures.ts';

export type AccountCounts = { account_id: string } & Partial<Counts>;

/** Views, or functions that answer as they did. */
type Sources = { funnel: Prisma.Sql; backlog: Prisma.Sql };

/** The figures as the views show them now. */
export async function readNow(tx: Transaction, scope: Scope, month: Month): Promise<Figures> {
  const sources = {
    funnel: Prisma.sql`reporting.funnel_monthly`,
    backlog: Prisma.sql`(
      select account_id, cases, is_open
      from reporting.backlog_spans
      -- Once, not for each row.
      where (select least(${month.last}::date, now()::date)) between first_day and last_day
    )`,
  };
  const flow = await readFlow(tx, scope, month);
  return withCounts(await readFigures(tx, { scope, month, sources, known: null }), flow, scope);
}

/**
 * The figures as the views showed them at an instant, without those of flow_daily: readCompared has them, together with
 * what differs since.
 */
export function readAsKnown(tx: Transaction, scope: Scope, month: Month, known: string): Promise<Figures> {
  const sources = {
    funnel: Prisma.sql`reporting.funnel_as_known(${known}::timestamptz)`,
    // The last instant of the month, or the present of that time.
    backlog: Prisma.sql`reporting.backlog_as_of(
      least(${month.next}::date::timestamptz - interval '1 microsecond', ${known}::timestamptz),
      ${known}::timestamptz
    )`,
  };
  return readFigures(tx, { scope, month, sources, known });
}

type Asked = { scope: Scope; month: Month; sources: Sources; known: string | null };

async function readFigures(tx: Transaction, asked: Asked): Promise<Figures> {
  const rows = [...(await readFunnel(tx, asked)), ...(await readBacklog(tx, asked))];
  return withCounts({ counts: new Map(), times: await readTimes(tx, asked) }, rows, asked.scope);
}

/** The figures with further counts of the accounts in scope. */
export function withCounts(figures: Figures, rows: readonly AccountCounts[], scope: Scope): Figures {
  const counts = new Map(figures.counts);
  for (const { account_id, ...found } of rows) {
    if (isInScope(scope, account_id)) counts.set(account_id, { ...NO_COUNTS, ...counts.get(account_id), ...found });
  }
  return { ...figures, counts };
}

/**
 * Of one account, or of all. The as-known functions get no other condition on accounts: Postgres expects few rows of
 * it, and takes minutes for a million cases.
 */
export function ofAccount({ accountId }: Scope): Prisma.Sql {
  return accountId === null ? Prisma.sql`true` : Prisma.sql`account_id = ${accountId}`;
}

function readFlow(tx: Transaction, scope: Scope, month: Month): Promise<AccountCounts[]> {
  return tx.$queryRaw<AccountCounts[]>`
    select
      account_id,
      sum(opened)::integer as opened,
      sum(decided)::integer as decided,
      sum(approved)::integer as approved,
      sum(declined)::integer as declined,
      sum(reopened)::integer as reopened
    from reporting.flow_daily
    where day between ${month.first}::date and ${month.last}::date and ${ofAccount(scope)}
    group by account_id`;
}

function readFunnel(tx: Transaction, { scope, month, sources }: Asked): Promise<AccountCounts[]> {
  return tx.$queryRaw<AccountCounts[]>`
    select
      account_id,
      opened as funnel_opened,
      reached_declaration as funnel_reached_declaration,
      reached_signature as funnel_reached_signature,
      reached_review as funnel_reached_review,
      decided as funnel_decided,
      approved as funnel_approved,
      declined as funnel_declined,
      still_open as funnel_still_open
    from ${sources.funnel} as funnel
    where month = ${month.first}::date and ${ofAccount(scope)}`;
}

function readBacklog(tx: Transaction, { scope, sources }: Asked): Promise<AccountCounts[]> {
  return tx.$queryRaw<AccountCounts[]>`
    select account_id, sum(cases)::integer as backlog
    from ${sources.backlog} as backlog
    where is_open and ${ofAccount(scope)}
    group by account_id`;
}

/** The cases and rules of decision_times_as_known, which has percentiles by account and route only. */
async function readTimes(tx: Transaction, { scope, month, known }: Asked): Promise<Figures['times']> {
  const rows = await tx.$queryRaw<({ account_id: string | null } & Times)[]>`
    select
      account_id,
      count(*)::integer as decided,
      percentile_cont(0.5) within group (order by hours) as p50,
      percentile_cont(0.9) within group (order by hours) as p90
    from (
      select account_id, extract(epoch from first_decided_at - opened_at)::float8 / 3600 as hours
      from reporting.case_states
      where ${isReported(known)}
        and first_decided_at >= ${month.first}::date::timestamptz
        and first_decided_at < ${month.next}::date::timestamptz
        and first_decided_at <= ${present(known)}
        and ${accountsInScope(scope)}
    ) as decision
    group by grouping sets ((), (account_id))`;
  return new Map(rows.map(({ account_id, ...times }) => [account_id ?? ALL, times]));
}

/** Versions of case_states that were known and whose times are plausible, as in every monthly report. */
export function isReported(known: string | null): Prisma.Sql {
  const held =
    known === null
      ? Prisma.sql`superseded_at is null`
      : Prisma.sql`recorded_at <= ${known}::timestamptz and (superseded_at is null or superseded_at > ${known}::timestamptz)`;
  return Prisma.sql`${held} and not (${hasImplausibleTime(present(known))})`;
}

function present(known: string | null): Prisma.Sql {
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

/** The accounts that were first read after an instant: nothing was known of them, so nothing was reported. */
export async function readUnreadAccounts(tx: Transaction, scope: Scope, known: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ account_id: string }[]>`
    select account_id
    from reporting.accounts
    where first_read_at > ${known}::timestamptz and ${accountsInScope(scope)}
    order by account_id`;
  return rows.map(({ account_id }) => account_id);
}

/** The month of the first day with a case, as its first day; null if there is none. */
export async function readFirstMonth(tx: Transaction, scope: Scope): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ first: string | null }[]>`
    select date_trunc('month', min(month))::date::text as first
    from reporting.funnel_monthly
    where ${accountsInScope(scope)}`;
  return row?.first ?? null;
}
