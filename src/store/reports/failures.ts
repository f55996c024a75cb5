import { visibleLine } from '../../model/visible-text.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

const LOCK_WAIT_MS = 2_000;

/**
 * Records that a roll-up failed. `isTold` is true if the log of any worker has had this failure within the last hour;
 * if it is false, the caller logs it. `since` is the time of the first failure since the last success.
 * @throws SyncError DATABASE, also when another session holds the lock of these roll-ups.
 */
export async function recordFailure(
  database: Database,
  accountId: string,
  { code, message }: { code: string | null; message: string },
): Promise<{ since: Date; isTold: boolean }> {
  const record = (tx: Transaction) => tx.$queryRaw<{ since: Date; isTold: boolean }[]>`
    insert into cdd.roll_ups as roll_up (account_id, failing_since, failures, error_code, error_message, told_at)
    values (${accountId}, now(), 1, ${code}, ${message}, now())
    on conflict (account_id) do update
    set
      failing_since = coalesce(roll_up.failing_since, excluded.failing_since),
      failures = roll_up.failures + 1,
      error_code = excluded.error_code,
      error_message = excluded.error_message,
      told_at = case
        when roll_up.error_message = excluded.error_message
          and roll_up.told_at between now() - interval '1 hour' and now() then roll_up.told_at
        else now()
      end
    returning failing_since as since, told_at <> now() as "isTold"`;
  // The row is also the lock of the roll-ups. If waiting for that lock was the failure, it may still be held.
  const [recorded] = await database.transact(record, { lockTimeoutMs: LOCK_WAIT_MS });
  return recorded ?? { since: new Date(), isTold: false };
}

export type FailedReports = { accountId: string; since: Date; message: string };

/** The accounts with reports that stand still, with time and reason. */
export async function failedReports(database: Database): Promise<FailedReports[]> {
  return database.$queryRaw<FailedReports[]>`
    select account_id as "accountId", since, error_message as message
    from cdd.failed_reports
    order by account_id`;
}

export type ReportsHealth = { accountId: string; isFailing: boolean; failures: number };

/** Whether the reports of each enabled account stand still, and how many of its roll-ups have ever failed. */
export async function reportsHealth(database: Database): Promise<ReportsHealth[]> {
  return database.$queryRaw<ReportsHealth[]>`
    select
      account.id as "accountId",
      account.id in (select account_id from cdd.failed_reports) as "isFailing",
      coalesce(roll_up.failures, 0) as failures
    from cdd.accounts as account
    left join cdd.roll_ups as roll_up on roll_up.account_id = account.id
    where account.enabled
    order by account.id`;
}

/** A sentence for a person: the account, the time since which its reports stand still, the reason, and the advice. */
export function failedReportsText(
  { accountId, since, message }: FailedReports,
  timeText = (at: Date) => at.toISOString(),
): string {
  return `${accountId}: its daily and monthly reports stand still since ${timeText(since)}; every run tries again. ${visibleLine(message)}`;
}
