// Pauses of accounts. cdd.accounts has the present state, which every run's start checks; cdd.account_pauses is the
// history, for an auditor who asks about a gap.
import type { Pause } from '../../model/pause.ts';
import type { Database } from '../postgres/pool.ts';

/** Pauses an account. Null if it is paused already, or not in the database. `by` is the login name of the user. */
export async function pauseAccount(
  database: Database,
  { accountId, reason, by }: { accountId: string; reason: string; by: string | null },
): Promise<Pause | null> {
  const [pause] = await database.$queryRaw<Pause[]>`
    with paused_account as (
      update cdd.accounts
      set paused_since = now(), pause_reason = ${reason}
      where id = ${accountId} and paused_since is null
      returning id, paused_since, pause_reason
    )
    insert into cdd.account_pauses (account_id, paused_at, reason, paused_by, paused_role)
    select id, paused_since, pause_reason, ${by}, session_user
    from paused_account
    returning account_id as "accountId", paused_at as since, reason`;
  return pause ?? null;
}

/**
 * Ends the pause of an account. The account is due at once and stale in 15 minutes, like a new one; its circuit breaker
 * is closed. Returns the pause that was ended; null if the account is not paused.
 */
export async function resumeAccount(
  database: Database,
  { accountId, by }: { accountId: string; by: string | null },
): Promise<Pause | null> {
  const [pause] = await database.$queryRaw<Pause[]>`
    with paused_account as (
      select id, paused_since, pause_reason
      from cdd.accounts
      where id = ${accountId} and paused_since is not null
      for no key update
    ),
    resumed_account as (
      update cdd.accounts as account
      set
        paused_since = null,
        pause_reason = null,
        next_due_at = default,
        stale_at = default,
        refusals = 0,
        next_try_at = null
      from paused_account
      where account.id = paused_account.id
    ),
    ended_pause as (
      update cdd.account_pauses as pause
      -- The clock may have been set back since.
      set resumed_at = greatest(now(), pause.paused_at), resumed_by = ${by}, resumed_role = session_user
      from paused_account
      where pause.account_id = paused_account.id and pause.resumed_at is null
    )
    select id as "accountId", paused_since as since, coalesce(pause_reason, '') as reason
    from paused_account`;
  return pause ?? null;
}

/** The present pauses of enabled accounts, by id. */
export async function currentPauses(database: Database): Promise<Pause[]> {
  return database.$queryRaw<Pause[]>`
    select id as "accountId", paused_since as since, coalesce(pause_reason, '') as reason
    from cdd.accounts
    where enabled and paused_since is not null
    order by id`;
}

export type Resumption = { accountId: string; resumedAt: Date };

/** The accounts that were resumed in the last hour and have had no run since. Leaves out accounts that are disabled or paused again. */
export async function resumedWithoutRun(database: Database): Promise<Resumption[]> {
  return database.$queryRaw<Resumption[]>`
    select account.id as "accountId", max(pause.resumed_at) as "resumedAt"
    from cdd.account_pauses as pause
    join cdd.accounts as account on account.id = pause.account_id
    where account.enabled
      and account.paused_since is null
      and pause.resumed_at > now() - interval '1 hour'
      and not exists (
        select
        from cdd.sync_runs as run
        where run.account_id = pause.account_id and run.started_at >= pause.resumed_at
      )
    group by account.id
    order by account.id`;
}

export type PausableAccount = {
  id: string;
  enabled: boolean;
  pause: Pause | null;
  /** When the run began that is under way; null = there is none. */
  runningSince: Date | null;
};

/** All accounts of the database, disabled ones too, by id. */
export async function accountsWithPauses(database: Database): Promise<PausableAccount[]> {
  type Row = Omit<PausableAccount, 'pause'> & { pausedSince: Date | null; reason: string };
  const rows = await database.$queryRaw<Row[]>`
    select
      account.id,
      account.enabled,
      account.paused_since as "pausedSince",
      coalesce(account.pause_reason, '') as reason,
      run.started_at as "runningSince"
    from cdd.accounts as account
    left join cdd.sync_runs as run
      on run.account_id = account.id
        and run.state = 'running'
        -- Without a heartbeat for that long, its worker is dead.
        and run.heartbeat_at > now() - interval '1 minute'
    order by account.id`;
  return rows.map(({ pausedSince, reason, ...account }) => ({
    ...account,
    pause: pausedSince === null ? null : { accountId: account.id, since: pausedSince, reason },
  }));
}
