import { describe, expect } from 'vitest';
import { z } from 'zod';
import { keepAccounts } from '../../src/store/accounts.ts';
import { type Database, Prisma } from '../../src/store/database.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, sandboxAccount } from '../support/rig.ts';

const LARGE_ACCOUNT = 'P11111111';

/** For how many rows the planner takes what this account has in a table. */
async function estimate(database: Database, table: 'cases' | 'status_transitions', account: string): Promise<number> {
  const [row] = await database.$queryRaw<{ 'QUERY PLAN': unknown }[]>`
    explain (format json) select from cdd.${Prisma.raw(table)} where account_id = ${account}`;
  const plan = z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]);
  return plan.parse(row?.['QUERY PLAN'])[0].Plan['Plan Rows'];
}

/** An account of so many cases, each with a transition, that the planner has seen. */
async function largeAccount(database: Database, cases: number): Promise<void> {
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

describe('the planner', () => {
  test('knows an account after its first load, though it is a small part of what is there', async ({ db }) => {
    const { database } = db;
    await largeAccount(database, 20_000);
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1500 } });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 1500 });
    await rig.close();
    expect(await estimate(database, 'cases', ACCOUNT)).toBeGreaterThan(750);
    expect(await estimate(database, 'status_transitions', ACCOUNT)).toBeGreaterThan(1500);
  });
});
