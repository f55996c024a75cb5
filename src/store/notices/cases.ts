// Cases that are past a target, due for a review or due to be erased now (cdd.notice_cases). Lost approvals are in approvals.ts.
import type { NoticeKind } from '../../model/notice.ts';
import { CLOSED_STATUSES } from '../cases/closed-statuses.ts';
import { Prisma, type Transaction } from '../postgres/pool.ts';

/**
 * Stays of open cases that are past the target of their status, as the pages count them. By the index, Postgres finds the
 * stays without reading all cases; then each is looked up.
 */
const breachedCases = (statuses: readonly string[]) => Prisma.sql`
  with late_stay as materialized (
    select account_id, case_id, status, entered_at
    from reporting.status_targets
    where left_at is null and state = 'breached'
      and status = any (${[...statuses]}::text[]) and status <> all (${CLOSED_STATUSES})
  )
  select stay.account_id, stay.case_id, stay.status as stage, stay.entered_at as since_at
  from late_stay as stay
  cross join lateral (
    select from reporting.cases as case_row
    where case_row.account_id = stay.account_id
      and case_row.case_id = stay.case_id
      and case_row.status_since = stay.entered_at
      and case_row.is_open
    offset 0
  ) as open_case`;

const DUE_REVIEWS = Prisma.sql`
  select account_id, case_id, state as stage, due_at as since_at
  from reporting.periodic_reviews
  where state in ('overdue', 'due_soon')`;

/** Only after a day: with retention.erase: automatic, a case that became due just waits for the next run. */
const DUE_ERASURES = Prisma.sql`
  select account_id, case_id, state as stage, keep_until as since_at
  from reporting.retention
  where state = 'due' and keep_until < now() - interval '1 day'`;

const PRESENT_KINDS = ['target_breached', 'review_due', 'erasure_due'] as const;
/** Kinds that describe a present state of a case, not an event. */
type PresentKind = (typeof PRESENT_KINDS)[number];

export function isPresentKind(kind: NoticeKind): kind is PresentKind {
  return PRESENT_KINDS.some((one) => one === kind);
}

async function presentCases(tx: Transaction, kind: PresentKind): Promise<Prisma.Sql> {
  if (kind === 'review_due') return DUE_REVIEWS;
  if (kind === 'erasure_due') return DUE_ERASURES;
  const targets = await tx.$queryRaw<{ status: string }[]>`
    select status from reporting.statuses where num_nonnulls(target_hours, target_business_hours) > 0`;
  return breachedCases(targets.map(({ status }) => status));
}

/** Makes the stored cases of a kind equal to those of which it is so now. Accounts that are not read have none. */
export async function updateCases(tx: Transaction, kind: PresentKind, now: Date): Promise<void> {
  const present = await presentCases(tx, kind);
  await tx.$executeRaw`
    with present_case as materialized (
      select found.account_id, found.case_id, found.stage, found.since_at
      from (${present}) as found
      join cdd.accounts as account on account.id = found.account_id
      where account.enabled and account.paused_since is null
    ),
    former_case as (
      delete from cdd.notice_cases as stored_case
      where stored_case.kind = ${kind}
        and not exists (
          select
          from present_case
          where present_case.account_id = stored_case.account_id
            and present_case.case_id = stored_case.case_id
            and present_case.stage = stored_case.stage
        )
    )
    insert into cdd.notice_cases (kind, account_id, case_id, stage, since_at, noticed_at)
    select ${kind}, account_id, case_id, stage, since_at, ${now}
    from present_case
    on conflict (kind, account_id, case_id, stage) do nothing`;
}

/** Moves times that lie in the future to now, after the clock was ahead. */
export async function endFutureTimes(tx: Transaction, now: Date): Promise<void> {
  await tx.$executeRaw`update cdd.notice_cases set noticed_at = ${now} where noticed_at > ${now}`;
}

/** Cases of one kind and account. */
export type CaseCount = {
  kind: NoticeKind;
  accountId: string;
  items: number;
  since: Date;
  /** When the newest of them was noticed. */
  noticedAt: Date;
};

/** The number of stored cases by kind and account, and since when. */
export function countCases(tx: Transaction): Promise<CaseCount[]> {
  return tx.$queryRaw<CaseCount[]>`
    select
      kind,
      account_id as "accountId",
      count(*)::integer as items,
      min(since_at) as since,
      max(noticed_at) as "noticedAt"
    from cdd.notice_cases
    group by kind, account_id`;
}

/** Asks for the cases of a kind and an account that were noticed after `after`. */
export type CaseQuestion = { kind: NoticeKind; accountId: string; after: Date };

export type NewCases = { newItems: number; since: Date; caseIds: string[] };

/** For each question the cases noticed after that time, some of their ids with the longest waiting first. */
export async function newCases(
  tx: Transaction,
  questions: readonly CaseQuestion[],
  { mostIds }: { mostIds: number },
): Promise<(NewCases | null)[]> {
  if (questions.length === 0) return [];
  const rows = await tx.$queryRaw<(NewCases & { number: number })[]>`
    select
      question.number::integer as number,
      count(*)::integer as "newItems",
      min(stored_case.since_at) as since,
      (array_agg(stored_case.case_id::text order by stored_case.since_at, stored_case.case_id))[:${mostIds}::integer] as "caseIds"
    from unnest(
      ${questions.map(({ kind }) => kind)}::text[],
      ${questions.map(({ accountId }) => accountId)}::text[],
      ${questions.map(({ after }) => after)}::timestamptz[]
    ) with ordinality as question (kind, account_id, after, number)
    join cdd.notice_cases as stored_case
      on stored_case.kind = question.kind
      and stored_case.account_id = question.account_id
      and stored_case.noticed_at > question.after
    group by question.number`;
  const byNumber = new Map(rows.map(({ number, ...found }) => [number, found]));
  return questions.map((_, index) => byNumber.get(index + 1) ?? null);
}
