import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { ACCOUNT } from './rig.ts';
import { sandboxAccount } from './sandbox-account.ts';

/** Adds accounts with these numbers of cases, each with a transition, and updates the planner's statistics. */
export async function addAccounts(database: Database, sizes: number[]): Promise<void> {
  const others = sizes.map((cases, index) => ({ id: `P${11_111_111 + index}`, cases }));
  await saveAccounts(
    database,
    [ACCOUNT, ...others.map(({ id }) => id)].map((id) => sandboxAccount(id)),
  );
  await database.$executeRaw`
    with one as materialized (
      select account.id as account_id, gen_random_uuid() as id
      from unnest(${others.map(({ id }) => id)}::text[], ${sizes}::integer[]) as account (id, cases)
      cross join generate_series(1, account.cases)
    ),
    saved as (
      insert into cdd.cases (account_id, id, first_seen_at, changed_at, fingerprint)
      select account_id, id, now(), now(), sha256(uuid_send(id)) from one
    )
    insert into cdd.status_transitions (
      account_id, case_id, sequence, to_status, occurred_at, occurred_at_source, event_id, recorded_at, run_id
    )
    select account_id, id, 1, 'ACTIVE', now(), 'event', 1, now(), gen_random_uuid() from one`;
  await database.$executeRaw`analyze cdd.cases, cdd.status_transitions`;
}
