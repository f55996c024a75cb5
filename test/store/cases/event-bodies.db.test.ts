import { describe, expect } from 'vitest';
import { test } from '../../support/database.ts';
import { rows } from '../../support/migrations.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments } from '../../support/rig.ts';

const longestArray = 'select max(jsonb_array_length(bodies)) as bodies from cdd.event_bodies';

describe('the bodies of events', () => {
  test('are compressed if a case has several', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [sizes] = await database.$queryRaw<{ stored: number; text: number }[]>`
      select sum(pg_column_size(bodies))::integer as stored, sum(length(bodies::text))::integer as text
      from cdd.event_bodies
      where jsonb_array_length(bodies) > 3`;
    expect(sizes?.text).toBeGreaterThan(0);
    expect((sizes?.stored ?? Number.NaN) / (sizes?.text ?? Number.NaN)).toBeLessThan(0.6);
    await rig.close();
  });

  test('are not stored again when the case gets one more event', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, { case_status: 'TERMINATED' });
    await rig.sync();
    const stored = await database.$queryRaw<{ revision: number; statuses: string[] }[]>`
      select
        revision,
        array(select body ->> 'case_status' from jsonb_array_elements(bodies) as event (body)) as statuses
      from cdd.event_bodies
      where account_id = ${ACCOUNT} and case_id = ${id}::uuid
      order by revision`;
    expect(stored).toMatchObject([{ revision: 1 }, { revision: 2, statuses: ['TERMINATED'] }]);
    await rig.close();
  });

  test('are stored again with the next change of the case if they were deleted', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    await database.$executeRaw`delete from cdd.event_bodies where account_id = ${ACCOUNT} and case_id = ${id}::uuid`;
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, { case_status: 'TERMINATED' });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_updated: 1 });
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('are stored in arrays of sixteen, new ones in new arrays', async ({ db: { url, database } }) => {
    const rig = await createRig(database);
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const more = (count: number) => {
      for (let event = 0; event < count; event += 1) rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, {});
    };
    for (const count of [40, 1, 40]) {
      more(count);
      expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
      expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
      expect(await rows(url, longestArray)).toEqual([{ bodies: 16 }]);
    }
    await rig.close();
  });
});
