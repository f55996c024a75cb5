import { describe, expect } from 'vitest';
import { backfillOf, rows, test } from '../../support/migrations.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';

describe('a migration fills its columns as a run does:', () => {
  test('decisions', async ({ db }) => {
    const synced = await makeRandomHistory(db, {
      seed: 30,
      steps: 3,
      cases: 30,
      changes: 60,
      backdated: false,
      oddTimes: true,
    });
    const columns = ['first_decision_status', 'first_decision_left_at', 'approved_at', 'last_reviewed_at'];
    const read = async () => [
      await rows(db.url, `select id, ${columns.join(', ')} from cdd.cases order by account_id, id`),
      await rows(db.url, 'select * from cdd.later_decisions order by account_id, case_id, number'),
    ];
    const saved = await read();
    expect(saved[1]?.length).toBeGreaterThan(20);
    await rows(db.url, `update cdd.cases set ${columns.map((column) => `${column} = null`).join(', ')}`);
    await rows(db.url, 'delete from cdd.later_decisions');
    await rows(db.url, await backfillOf('20261130075949_decisions', 'create unlogged table'));
    expect(await read()).toEqual(saved);
    await synced.rig.close();
  });

  test('readable documents of revisions', async ({ db }) => {
    const synced = await makeRandomHistory(db, {
      seed: 31,
      steps: 5,
      cases: 30,
      changes: 60,
      backdated: false,
      oddTimes: true,
    });
    const read = () => rows(db.url, 'select * from reporting.case_changes order by case_key, revision, field');
    const saved = await read();
    const [{ count } = { count: 0 }] = await rows<{ count: number }>(
      db.url,
      'select count(readable)::integer from cdd.case_revisions',
    );
    expect(count).toBeGreaterThan(20);
    await rows(db.url, 'update cdd.case_revisions set readable = null');
    await rows(db.url, await backfillOf('20261130080253_case_timeline', 'with recursive wrong_value'));
    expect(await read()).toEqual(saved);
    await synced.rig.close();
  });
});
