import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, rowVersions } from '../support/rig.ts';

describe('a list whose keys are in another order', () => {
  test('counts every case as unchanged, renews the fingerprints and adds no history', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const first = await rig.sync();
    const history = await rowVersions(database);
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    const second = await rig.sync();
    expect(second).toMatchObject({
      state: 'succeeded',
      cases_unchanged: first.cases_seen,
      cases_updated: 0,
      events_recorded: 0,
    });
    expect(await rowVersions(database)).toEqual({ ...history, cases: expect.not.stringMatching(history.cases ?? '') });
    const third = await rig.sync();
    expect(third.not_modified).toBe(true);
    await rig.close();
  });

  test('does not even parse its cases, and skips them from then on', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    const source = { ...rig.parts.source, parse: () => expect.unreachable('parsed') };
    expect(await rig.sync({ source })).toMatchObject({ state: 'succeeded', cases_created: 0, cases_updated: 0 });
    const rows = await rowVersions(database);
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    expect(await rig.sync({ source })).toMatchObject({ state: 'succeeded', not_modified: false });
    expect(await rowVersions(database)).toEqual(rows);
    await rig.close();
  });

  test('may have a case twice, and it is one', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const item = (package_: string) => ({ id: '00000000-0000-4000-8000-0000000000aa', events: [], package: package_ });
    const reversed = (one: object) => Object.fromEntries(Object.entries(one).reverse());
    for (const said of ['first', 'then', 'then']) {
      rig.sandbox.world.serve(ACCOUNT, JSON.stringify([item(said), reversed(item(said))]));
      expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_seen: 1, items_rejected: 0 });
    }
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([reversed(item('then')), reversed(item('first'))]));
    expect(await rig.sync()).toMatchObject({ state: 'partial', cases_unchanged: 1, items_rejected: 1 });
    await rig.close();
  });

  test('is read once more, case by case, after a setting changed that hashes depend on', async ({
    db: { database },
  }) => {
    const kept = await createRig(database);
    const { cases_seen: cases } = await kept.sync();
    await kept.close();
    const rig = await createRig(database, { personalData: 'drop' });
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    const parsed: string[] = [];
    const { parse } = rig.parts.source;
    const source: typeof rig.parts.source = {
      ...rig.parts.source,
      parse(element) {
        parsed.push(element.fingerprint.toString('hex'));
        return parse(element);
      },
    };
    await rig.sync({ source });
    expect(parsed).toHaveLength(cases);
    await rig.close();
  });
});
