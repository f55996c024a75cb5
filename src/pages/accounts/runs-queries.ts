import type { RunRow } from '../../model/run.ts';
import { isUuid } from '../../model/uuid.ts';
import { Prisma, type Transaction } from '../../store/postgres/pool.ts';

/** A run as reporting.sync_runs has it. */
export type Run = Omit<RunRow, 'account_id' | 'heartbeat_at'> & { duration_seconds: number };

const selectRun = Prisma.sql`
  select
    id::text, trigger, state, started_at, finished_at, complete, not_modified,
    cases_seen, cases_created, cases_updated, cases_unchanged, cases_missing, cases_returned, missing_held_back,
    events_recorded, transitions_recorded, items_rejected, bytes_read::float8 as bytes_read, requests, retries,
    error_code, error_message, duration_seconds::float8 as duration_seconds
  from reporting.sync_runs`;

/** Runs in certain states, and of the last hours; null = all. */
export type RunsFilter = { accountId: string; states: readonly string[] | null; hours: number | null };

const chosen = ({ accountId, states, hours }: RunsFilter) => Prisma.sql`
  account_id = ${accountId}
  and (${states === null ? null : [...states]}::text[] is null or state = any(${states === null ? null : [...states]}))
  and (${hours}::integer is null or started_at > now() - ${hours}::integer * interval '1 hour' and started_at <= now())`;

/** Runs of an account, the newest first. */
export function readRuns(
  tx: Transaction,
  filter: RunsFilter,
  { limit, offset }: { limit: number | null; offset: number },
): Promise<Run[]> {
  return tx.$queryRaw<Run[]>`
    ${selectRun}
    where ${chosen(filter)}
    order by started_at desc, id
    limit ${limit} offset ${offset}`;
}

/** The number of runs that a filter chooses. */
export async function countRuns(tx: Transaction, filter: RunsFilter): Promise<number> {
  const [row] = await tx.$queryRaw<{ runs: number }[]>`
    select count(*)::integer as runs
    from reporting.sync_runs
    where ${chosen(filter)}`;
  return row?.runs ?? 0;
}

/** One run of an account; null if there is none of this id, or it is no uuid. */
export async function readRun(tx: Transaction, accountId: string, id: string): Promise<Run | null> {
  if (!isUuid(id)) return null;
  const [run] = await tx.$queryRaw<Run[]>`
    ${selectRun}
    where account_id = ${accountId} and id = ${id}::uuid`;
  return run ?? null;
}

export type LearnedTransition = {
  case_id: string;
  from_status: string | null;
  to_status: string;
  occurred_at: Date;
  recorded_at: Date;
};

/**
 * Changes of status that were learned while a run went on, as far as they still hold; the last learned first. An account
 * has one run at a time, so they are the run's.
 */
export function readLearned(tx: Transaction, accountId: string, runId: string): Promise<LearnedTransition[]> {
  return tx.$queryRaw<LearnedTransition[]>`
    select
      transition.case_id::text,
      transition.from_status,
      transition.to_status,
      transition.occurred_at,
      transition.recorded_at
    from reporting.status_transitions as transition
    join reporting.sync_runs as run
      on run.account_id = transition.account_id
      and transition.recorded_at between run.started_at and coalesce(run.finished_at, now())
    where transition.account_id = ${accountId} and run.account_id = ${accountId} and run.id = ${runId}::uuid
    order by transition.recorded_at desc, transition.case_id, transition.sequence desc
    limit ${MOST_LEARNED}`;
}

/** A first run learns all of an account's past. */
export const MOST_LEARNED = 200;
