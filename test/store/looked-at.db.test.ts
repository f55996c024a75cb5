import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { test } from '../support/database.ts';
import { using } from '../support/failing.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** How many rows were read because a whole table was, of all that happened in this database's only connection. */
async function readByScans(database: Database): Promise<number> {
  await database.$queryRaw`select pg_stat_force_next_flush()::text`;
  const [row] = await database.$queryRaw<{ rows: number }[]>`
    select sum(seq_tup_read)::integer as rows
    from pg_stat_user_tables
    where schemaname = 'cdd' and relname in ('case_revisions', 'case_events')`;
  return row?.rows ?? Number.NaN;
}

describe('a run that finds a case changed', () => {
  // With fewer cases Postgres does not even think of reading them all.
  test('looks at what is stored of that case, and not at all that the account has', async ({ db: { url } }) => {
    await using(
      url,
      async (database) => {
        const rig = await createRig(database, { sandbox: { casesPerAccount: 10_000 } });
        await rig.sync();
        const before = await readByScans(database);
        const changed = rig.sandbox.world.caseIds(ACCOUNT)[0] ?? '';
        rig.sandbox.world.appendEvent({ account: ACCOUNT, case: changed }, { case_status: 'UNDER_MANUAL_REVIEW' });
        expect(await rig.sync()).toMatchObject({ cases_updated: 1, events_recorded: 1 });
        expect((await readByScans(database)) - before).toBe(0);
        await rig.close();
      },
      { connections: 1 },
    );
  });
});
