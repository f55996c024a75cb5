import type { CaseKey } from '../../model/case-key.ts';
import { exactTime } from '../../store/postgres/exact-time.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import type { Asked } from './queries.ts';

export type MomentRow = { moment: string; at: Date };

/** When a fact of the case was learned, or no longer held. */
export function readFactMoments(tx: Transaction, { accountId, caseId }: CaseKey): Promise<MomentRow[]> {
  return tx.$queryRaw<MomentRow[]>`
    select distinct ${exactTime('learned.at')} as moment, learned.at
    from reporting.case_facts as fact
    cross join lateral (values (fact.recorded_at), (fact.superseded_at)) as learned (at)
    where fact.account_id = ${accountId} and fact.case_id = ${caseId}::uuid and learned.at is not null`;
}

export type VersionRow = {
  at: Date;
  recorded_at: Date;
  /** recorded_at, for addresses. */
  moment: string;
  kind: string;
  title: string;
  from_value: string | null;
  to_value: string | null;
  event_id: string | null;
  run_id: string | null;
  /** Null also if that was not known yet. */
  superseded_at: Date | null;
  is_known: boolean;
  /** The change of status that the row says; null = none. */
  from_status: string | null;
  to_status: string | null;
};

/** The rows of case_timeline in their order, and whether each was known. */
export async function readTimeline(tx: Transaction, { accountId, caseId, known }: Asked): Promise<VersionRow[]> {
  const rows = await tx.$queryRaw<Omit<VersionRow, 'from_status' | 'to_status'>[]>`
    select
      at,
      recorded_at,
      ${exactTime('recorded_at')} as moment,
      kind,
      title,
      from_value,
      to_value,
      event_id::text,
      run_id::text,
      case when superseded_at <= coalesce(${known}::timestamptz, 'infinity') then superseded_at end as superseded_at,
      recorded_at <= coalesce(${known}::timestamptz, 'infinity') as is_known
    from reporting.case_timeline
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    order by at, recorded_at, event_id nulls first, kind, title`;
  // Not joined in SQL: Postgres expects one row and compares all with all, which takes seconds for 2,000 events.
  const transitions = Map.groupBy(await readTransitions(tx, { accountId, caseId }), ({ event_id }) => event_id);
  return rows.map((row) => {
    const ofEvent = row.event_id !== null && CHANGES.includes(row.kind) ? (transitions.get(row.event_id) ?? []) : [];
    const found = ofEvent.find(({ from, until }) => from <= row.moment && (until === null || until > row.moment));
    return { ...row, from_status: found?.from_status ?? null, to_status: found?.to_status ?? null };
  });
}

/** Kinds of rows that can say a change of status. */
const CHANGES = ['status', 'corrected'];

type TransitionRow = {
  event_id: string;
  from_status: string | null;
  to_status: string;
  /** From when to when it was believed. */
  from: string;
  until: string | null;
};

function readTransitions(tx: Transaction, { accountId, caseId }: CaseKey): Promise<TransitionRow[]> {
  return tx.$queryRaw<TransitionRow[]>`
    select
      event_id::text,
      from_status,
      to_status,
      ${exactTime('recorded_at')} as from,
      ${exactTime('superseded_at')} as until
    from reporting.status_history
    where account_id = ${accountId} and case_id = ${caseId}::uuid`;
}

export type ChangeRow = {
  revision: number;
  field: string;
  old_value: string | null;
  new_value: string | null;
  recorded_at: Date;
  moment: string;
  is_known: boolean;
};

/** Changed fields, the earliest first. */
export function readChanges(tx: Transaction, { accountId, caseId, known }: Asked): Promise<ChangeRow[]> {
  return tx.$queryRaw<ChangeRow[]>`
    select
      revision,
      field,
      old_value,
      new_value,
      recorded_at,
      ${exactTime('recorded_at')} as moment,
      recorded_at <= coalesce(${known}::timestamptz, 'infinity') as is_known
    from reporting.case_changes
    where account_id = ${accountId} and case_id = ${caseId}::uuid
    order by revision, field`;
}

export type FactRow = {
  fact: string;
  value: string | null;
  problem: string | null;
  recorded_at: Date;
  superseded_at: Date | null;
};

/** The facts that were known until then, those that held last first. */
export function readFacts(tx: Transaction, { accountId, caseId, known }: Asked): Promise<FactRow[]> {
  return tx.$queryRaw<FactRow[]>`
    select
      fact,
      value,
      problem,
      recorded_at,
      case when superseded_at <= coalesce(${known}::timestamptz, 'infinity') then superseded_at end as superseded_at
    from reporting.case_facts
    where account_id = ${accountId}
      and case_id = ${caseId}::uuid
      and recorded_at <= coalesce(${known}::timestamptz, 'infinity')
    order by fact, recorded_at desc`;
}
