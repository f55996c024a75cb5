import { describe, expect } from 'vitest';
import { z } from 'zod';
import { type Database, Prisma } from '../../../src/store/postgres/pool.ts';
import { test } from '../../support/database.ts';
import { addAccounts } from '../../support/other-accounts.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

/** How many rows of the account the planner expects in a table. */
async function estimate(database: Database, table: string, account: string): Promise<number> {
  const [row] = await database.$queryRaw<{ 'QUERY PLAN': unknown }[]>`
    explain (format json) select from cdd.${Prisma.raw(table)} where account_id = ${account}`;
  const plan = z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]);
  return plan.parse(row?.['QUERY PLAN'])[0].Plan['Plan Rows'];
}

const oneLargeAccount = [20_000];
/** Forty accounts; the first ten are larger. */
const manyAccounts = [...Array<number>(10).fill(2500), ...Array<number>(30).fill(10)];

describe('the planner', () => {
  test.for([
    { others: oneLargeAccount, what: 'a small part of the tables' },
    { others: manyAccounts, what: 'one of many accounts' },
  ])(
    'knows the size of an account after its first load, when the account is $what',
    async ({ others }, { db: { database } }) => {
      await addAccounts(database, others);
      const rig = await createRig(database, { sandbox: { casesPerAccount: 1500 } });
      expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 1500 });
      await rig.close();
      for (const table of ['cases', 'case_revisions', 'event_bodies']) {
        expect(await estimate(database, table, ACCOUNT)).toBeGreaterThan(750);
      }
      for (const table of ['status_transitions', 'event_revisions']) {
        expect(await estimate(database, table, ACCOUNT)).toBeGreaterThan(1500);
      }
    },
  );
});
