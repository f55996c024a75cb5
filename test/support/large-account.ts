import { keepAccounts } from '../../src/store/accounts.ts';
import type { Database } from '../../src/store/database.ts';
import { ACCOUNT, sandboxAccount } from './rig.ts';

const LARGE_ACCOUNT = 'P11111111';

/** An account of so many cases, each with a transition, that the planner has seen; beside the rig's own. */
export async function largeAccount(database: Database, cases: number): Promise<void> {
  await keepAccounts(database, [sandboxAccount(LARGE_ACCOUNT), sandboxAccount(ACCOUNT)]);
  await database.$executeRaw`
    with one as (select gen_random_uuid() as id from generate_series(1, ${cases}::integer)),
    saved as (
      insert into cdd.cases (account_id, id, first_seen_at, changed_at, fingerprint)
      select ${LARGE_ACCOUNT}, id, now(), now(), sha256(uuid_send(id)) from one
    )
    insert into cdd.status_transitions (
      account_id, case_id, sequence, to_status, occurred_at, occurred_at_source, event_id, recorded_at, run_id
    )
    select ${LARGE_ACCOUNT}, id, 1, 'ACTIVE', now(), 'event', 1, now(), gen_random_uuid() from one`;
  await database.$executeRaw`analyze cdd.cases, cdd.status_transitions`;
}
