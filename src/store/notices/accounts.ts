import type { ErrorCode } from '../../model/sync-error.ts';
import type { Transaction } from '../postgres/pool.ts';

/** The facts of an account from which its states are judged. */
export type AccountFacts = {
  accountId: string;
  enabled: boolean;
  isPaused: boolean;
  isStale: boolean;
  /** When the run was due that did not come. */
  dueAt: Date;
  /** Failed and abandoned runs since the last that read the list. Runs that a stop of the worker ended do not count. */
  failures: number;
  failingSince: Date | null;
  /** Error code of the newest of these runs. */
  failureCode: ErrorCode | null;
  /** Cases that the last run which read the list did not mark missing, since there were too many. */
  heldBack: number;
  heldBackSince: Date | null;
  /** Whether it marked none missing because it could not read the id of an item. */
  isUnreadable: boolean;
  rejected: number;
  rejectedSince: Date | null;
  /** Cases in a status that the API's documentation does not have, and one such status. */
  unknown: number;
  unknownStatus: string | null;
  /** The newest link of the account's digest chain as verify --expect reads it, and when it was made; null = there is none. */
  digest: string | null;
  linkedAt: Date | null;
};

/**
 * The facts of all accounts. Late and number of cases are those of schema reporting; each check of data_quality is a query
 * of its own, because Postgres then skips the other checks of the view.
 */
export function readAccountFacts(tx: Transaction): Promise<AccountFacts[]> {
  return tx.$queryRaw<AccountFacts[]>`
    select
      account.id as "accountId",
      account.enabled,
      account.paused_since is not null as "isPaused",
      coalesce(lateness.is_stale, false) as "isStale",
      account.next_due_at as "dueAt",
      coalesce(failure.failures, 0) as failures,
      failure.since as "failingSince",
      failure.error_code as "failureCode",
      case when read_run.error_code = 'MASS_DISAPPEARANCE' then read_run.missing_held_back else 0 end as "heldBack",
      read_run.finished_at as "heldBackSince",
      coalesce(read_run.error_code = 'UNREADABLE_ITEM', false) as "isUnreadable",
      coalesce(rejected.items, 0) as rejected,
      (
        select min(item.first_seen_at)
        from cdd.rejected_items as item
        where rejected.items > 0 and item.account_id = account.id and item.resolved_at is null
      ) as "rejectedSince",
      coalesce(unknown.items, 0) as unknown,
      unknown.example as "unknownStatus",
      link.account_id || ':' || link.number || ':' || encode(link.digest, 'hex') as digest,
      link.linked_at as "linkedAt"
    from cdd.accounts as account
    left join cdd.account_lateness as lateness on lateness.account_id = account.id
    left join lateral (
      select run.error_code, run.missing_held_back, run.finished_at
      from cdd.sync_runs as run
      where run.account_id = account.id and run.state in ('succeeded', 'partial') and run.started_at <= now()
      order by run.started_at desc
      limit 1
    ) as read_run on true
    left join cdd.account_failures as failure on failure.account_id = account.id
    left join reporting.data_quality as rejected
      on rejected.account_id = account.id and rejected.check_name = 'rejected_items'
    left join reporting.data_quality as unknown
      on unknown.account_id = account.id and unknown.check_name = 'unknown_statuses'
    left join lateral (
      select newest_link.account_id, newest_link.number, newest_link.digest, newest_link.linked_at
      from cdd.digest_links as newest_link
      where newest_link.account_id = account.id
      order by newest_link.number desc
      limit 1
    ) as link on true
    order by account.id`;
}
