import { describe, expect } from 'vitest';
import { type Database, Prisma } from '../../../src/store/postgres/pool.ts';
import { test, withDatabase } from '../../support/database.ts';
import { addAccounts } from '../../support/other-accounts.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

/** How many rows the database's only connection has read by sequential scans and by indexes. */
async function readRows(database: Database, tables: string[]): Promise<{ byScans: number; byIndexes: number }> {
  await database.$queryRaw`select pg_stat_force_next_flush()::text`;
  const [rows] = await database.$queryRaw<{ byScans: number; byIndexes: number }[]>`
    select sum(seq_tup_read)::integer as "byScans", sum(idx_tup_fetch)::integer as "byIndexes"
    from pg_stat_user_tables
    where schemaname = 'cdd' and relname = any(${tables}::text[])`;
  return rows ?? { byScans: Number.NaN, byIndexes: Number.NaN };
}

/** Disables autovacuum and the summaries of BRIN indexes, which read tables too. */
async function disableAutovacuum(database: Database): Promise<void> {
  for (const table of ['event_revisions', 'status_transitions']) {
    await database.$executeRaw(Prisma.raw(`alter table cdd.${table} set (autovacuum_enabled = off)`));
    await database.$executeRaw(Prisma.raw(`alter index cdd.${table}_time_idx set (autosummarize = off)`));
  }
}

const historyTables = ['case_revisions', 'event_revisions', 'event_bodies'];
const rolledUpTables = ['cases', 'status_transitions'];

describe('a run that finds cases changed', () => {
  // With fewer cases a sequential scan is never chosen. The planner expects a hundred events in each changed document,
  // and for so many it would read all events of the account.
  test('reads only rows of these cases, for one changed case and for a hundred', async ({ db: { url } }) => {
    await withDatabase(
      url,
      async (database) => {
        await disableAutovacuum(database);
        const rig = await createRig(database, { sandbox: { casesPerAccount: 10_000 } });
        await rig.sync();
        for (const count of [1, 100]) {
          const before = await readRows(database, historyTables);
          for (const id of rig.sandbox.world.caseIds(ACCOUNT).slice(0, count)) {
            rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, { case_status: 'UNDER_MANUAL_REVIEW' });
          }
          expect(await rig.sync()).toMatchObject({ cases_updated: count, events_recorded: count });
          const after = await readRows(database, historyTables);
          expect(after.byScans - before.byScans).toBe(0);
          expect((after.byIndexes - before.byIndexes) / count).toBeGreaterThan(1);
          expect((after.byIndexes - before.byIndexes) / count).toBeLessThan(20);
        }
        await rig.close();
      },
      { connections: 1 },
    );
  });
});

describe('the roll-up of a small account', () => {
  test('reads only rows of that account', async ({ db: { url } }) => {
    await withDatabase(
      url,
      async (database) => {
        await disableAutovacuum(database);
        await addAccounts(database, [20_000]);
        const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
        await rig.sync();
        const before = await readRows(database, rolledUpTables);
        // More often than Postgres makes custom plans, which know the account.
        for (let time = 0; time < 7; time += 1) {
          const [changed = ''] = rig.sandbox.world.caseIds(ACCOUNT);
          rig.sandbox.world.appendEvent({ account: ACCOUNT, case: changed }, { case_status: `STATUS_${time}` });
          expect(await rig.sync()).toMatchObject({ cases_updated: 1 });
        }
        expect((await readRows(database, rolledUpTables)).byScans - before.byScans).toBe(0);
        await rig.close();
      },
      { connections: 1 },
    );
  });

  test('does not change the settings of its transaction', async ({ db: { database } }) => {
    const [before, after] = await database.transact(async (tx) => {
      const settings = () =>
        tx.$queryRaw`select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans`;
      const before = await settings();
      await tx.$queryRaw`select cdd.roll_up(${ACCOUNT})::text`;
      return [before, await settings()];
    });
    expect(after).toEqual(before);
  });
});
