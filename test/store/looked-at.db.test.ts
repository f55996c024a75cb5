import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { test } from '../support/database.ts';
import { using } from '../support/failing.ts';
import { otherAccounts } from '../support/other-accounts.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** How many rows were read because whole tables were, of all that happened in this database's only connection. */
async function readByScans(database: Database, tables: string[]): Promise<number> {
  await database.$queryRaw`select pg_stat_force_next_flush()::text`;
  const [row] = await database.$queryRaw<{ rows: number }[]>`
    select sum(seq_tup_read)::integer as rows
    from pg_stat_user_tables
    where schemaname = 'cdd' and relname = any(${tables}::text[])`;
  return row?.rows ?? Number.NaN;
}

const stored = ['case_revisions', 'event_revisions', 'event_bodies'];
const rolledUp = ['cases', 'status_transitions'];

describe('a run that finds a case changed', () => {
  // With fewer cases Postgres does not even think of reading them all.
  test('looks at what is stored of that case, and not at all that the account has', async ({ db: { url } }) => {
    await using(
      url,
      async (database) => {
        const rig = await createRig(database, { sandbox: { casesPerAccount: 10_000 } });
        await rig.sync();
        const before = await readByScans(database, stored);
        const changed = rig.sandbox.world.caseIds(ACCOUNT)[0] ?? '';
        rig.sandbox.world.appendEvent({ account: ACCOUNT, case: changed }, { case_status: 'UNDER_MANUAL_REVIEW' });
        expect(await rig.sync()).toMatchObject({ cases_updated: 1, events_recorded: 1 });
        expect((await readByScans(database, stored)) - before).toBe(0);
        await rig.close();
      },
      { connections: 1 },
    );
  });
});

describe('the roll-up of a small account', () => {
  test('looks at that account alone, however much others have', async ({ db: { url } }) => {
    await using(
      url,
      async (database) => {
        await otherAccounts(database, [20_000]);
        const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
        await rig.sync();
        const before = await readByScans(database, rolledUp);
        // More often than Postgres makes a plan for the one account that it is for.
        for (let time = 0; time < 7; time += 1) {
          const [changed = ''] = rig.sandbox.world.caseIds(ACCOUNT);
          rig.sandbox.world.appendEvent({ account: ACCOUNT, case: changed }, { case_status: `STATUS_${time}` });
          expect(await rig.sync()).toMatchObject({ cases_updated: 1 });
        }
        expect((await readByScans(database, rolledUp)) - before).toBe(0);
        await rig.close();
      },
      { connections: 1 },
    );
  });

  test('leaves the settings of its transaction as they were', async ({ db: { database } }) => {
    const settings = await database.transact(async (tx) => {
      await tx.$queryRaw`select cdd.roll_up(${ACCOUNT})::text`;
      return tx.$queryRaw`
        select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans`;
    });
    expect(settings).toEqual([{ plans: 'auto', scans: 'on' }]);
  });
});
