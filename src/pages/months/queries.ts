import { CLOSED_STATUSES } from '../../store/cases/closed-statuses.ts';
import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope, isInScope, type Scope } from '../overview/scope.ts';
import { readTimes } from './decision-times.ts';
import { type Asked, type Counts, type Figures, type Month, NO_COUNTS } from './figures.ts';

export type AccountCounts = { account_id: string } & Partial<Counts>;

/** Views, or functions that answer as they did. */
type Sources = { funnel: Prisma.Sql; backlog: Prisma.Sql };

/** The figures as the views show them now, with the times of an instant too unless it is null: one pass reads both. */
export async function readNow(
  tx: Transaction,
  { scope, month }: Asked,
  instant: string | null,
): Promise<{ now: Figures; timesThen: Figures['times'] }> {
  const sources = {
    funnel: Prisma.sql`reporting.funnel_monthly`,
    backlog: Prisma.sql`(
      select account_id, cases, is_open
      from reporting.backlog_spans
      -- Once, not for each row.
      where (select least(${month.last}::date, now()::date)) between first_day and last_day
    )`,
  };
  const counts = [...(await readFlow(tx, scope, month)), ...(await readCounts(tx, { scope, month }, sources))];
  const { timesNow, timesThen } = await readTimes(tx, { scope, month }, instant);
  return { now: withCounts({ counts: new Map(), times: timesNow }, counts, scope), timesThen };
}

/**
 * The figures as the views showed them at an instant, without the times, which readNow has, and without those of
 * flow_daily: readCompared has them, together with what differs since.
 */
export async function readAsKnown(tx: Transaction, { scope, month }: Asked, known: string): Promise<Figures> {
  const sources = {
    funnel: Prisma.sql`reporting.funnel_as_known(${known}::timestamptz)`,
    // The last instant of the month, or the present of that time. Open cases are found by an index if the others are named.
    backlog: Prisma.sql`(
      select account_id, cases, is_open
      from reporting.backlog_as_of(
        least(${month.next}::date::timestamptz - interval '1 microsecond', ${known}::timestamptz),
        ${known}::timestamptz
      )
      where status <> all (${CLOSED_STATUSES})
    )`,
  };
  const counts = await readCounts(tx, { scope, month }, sources);
  return withCounts({ counts: new Map(), times: new Map() }, counts, scope);
}

async function readCounts(tx: Transaction, asked: Asked, sources: Sources): Promise<AccountCounts[]> {
  return [...(await readFunnel(tx, asked, sources)), ...(await readBacklog(tx, asked, sources))];
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

function readFunnel(tx: Transaction, { scope, month }: Asked, sources: Sources): Promise<AccountCounts[]> {
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

function readBacklog(tx: Transaction, { scope }: Asked, sources: Sources): Promise<AccountCounts[]> {
  return tx.$queryRaw<AccountCounts[]>`
    select account_id, sum(cases)::integer as backlog
    from ${sources.backlog} as backlog
    where is_open and ${ofAccount(scope)}
    group by account_id`;
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
