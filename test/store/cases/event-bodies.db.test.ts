import { describe, expect } from 'vitest';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { test as withDatabase } from '../../support/database.ts';
import { migrationsBefore, rows, test } from '../../support/migrations.ts';
import { ACCOUNT, createRig, documentsOf, listedBy } from '../../support/rig.ts';

const BODIES_TOGETHER = '20261128100000_event_bodies';

/** Whoever asks for one body takes all apart that are stored with it. */
const longest = 'select max(jsonb_array_length(bodies)) as bodies from cdd.event_bodies';

describe('the upgrade that puts bodies of events together', () => {
  test('keeps every event as it was, also what was recorded at one time or revised', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsBefore(BODIES_TOGETHER, write));
    await rows(
      empty.url,
      `insert into cdd.accounts (id, environment) values ('P10000001', 'production'), ('P10000002', 'production');
       insert into cdd.case_revisions (account_id, case_id, revision, body, recorded_at, run_id)
       select account, md5(number::text)::uuid, 1, '{"kind": "merchant", "events": [7, 5, 6]}', '2026-02-01Z', gen_random_uuid()
       from unnest(array['P10000001', 'P10000002']) as account, generate_series(1, 50) as number;
       insert into cdd.case_events (account_id, case_id, id, revision, event, body, recorded_at, superseded_at, run_id)
       select held.account_id, held.case_id, told.id, told.revision, 'case_updated',
         jsonb_build_object('id', told.id, 'told', held.account_id || told.id || told.revision || held.case_id),
         told.recorded_at, told.superseded_at, held.run_id
       from cdd.case_revisions as held
       cross join (
         values
           (5, 1, timestamptz '2026-02-01Z', null),
           (6, 1, '2026-02-01Z', '2026-03-01Z'::timestamptz),
           (6, 2, '2026-03-01Z', '2026-03-01Z'),
           (6, 3, '2026-03-01Z', null),
           (7, 1, '2026-03-01Z', null)
       ) as told (id, revision, recorded_at, superseded_at)
       union all
       select account_id, case_id, id, 1, 'case_updated', jsonb_build_object('id', id), '2026-02-01Z', null, run_id
       from cdd.case_revisions, generate_series(100, 140) as id`,
    );
    const asked = [
      'select to_jsonb(told) as event from cdd.case_events as told order by account_id, case_id, id, revision',
      `select cdd.case_document(account_id, case_id, known_at) as document
       from cdd.case_revisions, unnest('{2026-02-15Z,2026-03-15Z}'::timestamptz[]) as known_at
       order by account_id, case_id, known_at`,
    ];
    const ask = () => Promise.all(asked.map((question) => rows(empty.url, question)));
    const before = await ask();
    expect(before.map((answer) => answer.length)).toEqual([4600, 200]);

    await migrate(empty.url);
    expect(await ask()).toEqual(before);
    expect(await rows(empty.url, longest)).toEqual([{ bodies: 16 }]);
    // Nothing is left of what the rows were: it would lie before them. The table's size would not tell, because how many
    // pages Postgres adds ahead differs from server to server by as much.
    expect(await rows(empty.url, 'select min(ctid)::text as first from cdd.event_revisions')).toEqual([
      { first: '(0,1)' },
    ]);
  });
});

describe('the bodies of events', () => {
  withDatabase('are compressed where a case has several', async ({ db: { database } }) => {
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

  withDatabase('that a case has already are not stored again with one event more', async ({ db: { database } }) => {
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

  withDatabase('that are gone are stored again when the case changes', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    await database.$executeRaw`delete from cdd.event_bodies where account_id = ${ACCOUNT} and case_id = ${id}::uuid`;
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, { case_status: 'TERMINATED' });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_updated: 1 });
    expect(await documentsOf(database)).toEqual(listedBy(rig.sandbox));
    await rig.close();
  });

  withDatabase(
    'of a case that has many are stored sixteen together, new ones as those that follow',
    async ({ db: { url, database } }) => {
      const rig = await createRig(database);
      const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
      const more = (count: number) => {
        for (let event = 0; event < count; event += 1)
          rig.sandbox.world.appendEvent({ account: ACCOUNT, case: id }, {});
      };
      for (const count of [40, 1, 40]) {
        more(count);
        expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
        expect(await documentsOf(database)).toEqual(listedBy(rig.sandbox));
        expect(await rows(url, longest)).toEqual([{ bodies: 16 }]);
      }
      await rig.close();
    },
  );
});
