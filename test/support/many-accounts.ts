import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { ACCOUNT } from './rig.ts';
import { sandboxAccount } from './sandbox-account.ts';

/** An account id for each number, `P20000001` for 1. */
export const manyId = (number: number): string => `P${20_000_000 + number}`;

/**
 * Adds accounts, labelled `Merchant 1` and so on, each with a backlog of 90 days and a run of every hour of the last day. The
 * first `refused` of them were refused by Dintero in their last run, and are late since.
 */
export async function addManyAccounts(
  database: Database,
  { accounts, refused }: { accounts: number; refused: number },
): Promise<void> {
  const ids = Array.from({ length: accounts }, (_, index) => manyId(index + 1));
  await saveAccounts(database, [
    sandboxAccount(ACCOUNT),
    ...ids.map((id, index) => sandboxAccount(id, { label: `Merchant ${index + 1}` })),
  ]);
  await database.$executeRaw`
    insert into cdd.sync_runs (
      account_id, id, trigger, state, started_at, heartbeat_at, finished_at, complete, cases_seen, cases_unchanged,
      requests, error_code, error_message
    )
    select
      account.id, gen_random_uuid(), 'schedule', case when is_refused then 'failed' else 'succeeded' end, at, at, at + interval '2 seconds',
      not is_refused, case when is_refused then 0 else 7 end, case when is_refused then 0 else 7 end, 2,
      case when is_refused then 'AUTH' end, case when is_refused then 'Dintero refused the client.' end
    from unnest(${ids}::text[]) with ordinality as account (id, number)
    cross join lateral (
      select now() - hour * interval '1 hour' - interval '5 minutes' as at, hour < 3 and number <= ${refused} as is_refused
      from generate_series(0, 23) as hour
    ) as run`;
  await database.$executeRaw`
    update cdd.accounts as account
    set
      first_read_at = now() - interval '90 days',
      last_success_at = now() - case when number <= ${refused} then interval '185 minutes' else interval '5 minutes' end,
      next_due_at = now() - case when number <= ${refused} then interval '2 hours' else interval '-55 minutes' end,
      stale_at = now() + case when number <= ${refused} then interval '-1 hour' else interval '3 hours' end
    from unnest(${ids}::text[]) with ordinality as found (id, number)
    where account.id = found.id`;
  await database.$executeRaw`
    insert into cdd.backlog_days (account_id, status, day, entered, exited, cases, next_day)
    select id, status, current_date - days, 1, 0, cases, case when days > 0 then current_date - days + 5 end
    from unnest(${ids}::text[]) as account (id)
    cross join (values ('UNDER_MANUAL_REVIEW', 2), ('MISSING_SIGNATURE', 1), ('ACTIVE', 4)) as backlog (status, cases)
    cross join generate_series(0, 90, 5) as days`;
  await database.$executeRaw`analyze cdd.accounts, cdd.sync_runs, cdd.backlog_days`;
}
