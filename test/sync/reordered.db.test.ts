import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, type Rig, rowVersions } from '../support/rig.ts';

const hashedCases = (database: Database) => database.case.count({ where: { contentHash: { not: null } } });
const forgetEtags = (database: Database) =>
  database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;

/** The source of a rig, and how many documents it has parsed and hashed since it was asked last. */
function countingSource({ parts: { source } }: Rig) {
  let counts = { parsed: 0, hashed: 0 };
  const counting: typeof source = {
    ...source,
    parse(element) {
      counts.parsed += 1;
      return source.parse(element);
    },
    contentHash(document) {
      counts.hashed += 1;
      return source.contentHash(document);
    },
  };
  const takeCounts = () => {
    const taken = counts;
    counts = { parsed: 0, hashed: 0 };
    return taken;
  };
  return { source: counting, takeCounts };
}

const ID = '00000000-0000-4000-8000-0000000000aa';
const item = (package_: string) => ({ id: ID, events: [], package: package_ });
const reversed = (document: object) => Object.fromEntries(Object.entries(document).reverse());

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

  test('is parsed when it comes first, and not parsed from then on', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const { source, takeCounts } = countingSource(rig);
    const { cases_seen: cases } = await rig.sync({ source });
    takeCounts();
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    await rig.sync({ source });
    expect(takeCounts()).toEqual({ parsed: cases, hashed: cases });
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    expect(await rig.sync({ source })).toMatchObject({ state: 'succeeded', cases_unchanged: cases, cases_updated: 0 });
    expect(takeCounts()).toEqual({ parsed: 0, hashed: cases });
    const rows = await rowVersions(database);
    await forgetEtags(database);
    expect(await rig.sync({ source })).toMatchObject({ state: 'succeeded', not_modified: false });
    expect(takeCounts()).toEqual({ parsed: 0, hashed: 0 });
    expect(await rowVersions(database)).toEqual(rows);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('with one case twice stores it once', async ({ db: { database } }) => {
    const rig = await createRig(database);
    for (const said of ['first', 'then', 'then']) {
      rig.sandbox.world.serve(ACCOUNT, JSON.stringify([item(said), reversed(item(said))]));
      expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_seen: 1, items_rejected: 0 });
    }
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([reversed(item('then')), reversed(item('first'))]));
    expect(await rig.sync()).toMatchObject({ state: 'partial', cases_unchanged: 1, items_rejected: 1 });
    await rig.close();
  });

  test('is parsed again after a change of a setting that hashes depend on', async ({ db: { database } }) => {
    const kept = await createRig(database);
    const { cases_seen: cases } = await kept.sync();
    kept.sandbox.world.reorderAllKeys(ACCOUNT);
    await kept.sync();
    await kept.close();
    const rig = await createRig(database, { personalData: 'drop' });
    const { source, takeCounts } = countingSource(rig);
    await rig.sync({ source });
    expect(takeCounts()).toEqual({ parsed: cases, hashed: cases });
    await rig.close();
  });
});

describe('a content hash', () => {
  test('is computed neither by a first load nor by a run that finds every case unchanged', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    const { source, takeCounts } = countingSource(rig);
    await rig.sync({ source });
    await forgetEtags(database);
    await rig.sync({ source });
    expect(takeCounts()).toMatchObject({ hashed: 0 });
    expect(await hashedCases(database)).toBe(0);
    await rig.close();
  });

  test('is stored for a case that changes, and spares parsing that case alone', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const { source, takeCounts } = countingSource(rig);
    const { cases_seen: cases } = await rig.sync({ source });
    const [changed = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.changeFields({ account: ACCOUNT, case: changed }, { package: 'other' });
    takeCounts();
    await rig.sync({ source });
    expect(takeCounts()).toEqual({ parsed: 1, hashed: 1 });
    expect(await hashedCases(database)).toBe(1);
    rig.sandbox.world.reorderAllKeys(ACCOUNT);
    await rig.sync({ source });
    expect(takeCounts()).toEqual({ parsed: cases - 1, hashed: cases });
    expect(await hashedCases(database)).toBe(cases);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('is stored for a new case of an account that has some', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const other = { ...item('new'), id: ID.replace('aa', 'bb') };
    for (const list of [[item('first')], [item('then')], [item('then'), other]]) {
      rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
      await rig.sync();
    }
    expect(await hashedCases(database)).toBe(2);
    await rig.close();
  });

  test('is replaced, or removed, with its document', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const serve = async (text: string) => {
      rig.sandbox.world.serve(ACCOUNT, `[${text}]`);
      return rig.sync();
    };
    await serve(JSON.stringify(item('first')));
    await serve(JSON.stringify(item('then')));
    // A key with an escape: the content of this document has no hash.
    const unhashed = JSON.stringify(item('without')).replace('"package"', '"p\u0061ckage"');
    for (const text of [JSON.stringify(item('last')), unhashed]) {
      expect(await serve(text)).toMatchObject({ cases_updated: 1 });
      expect(await serve(JSON.stringify(reversed(item('then'))))).toMatchObject({ cases_updated: 1 });
      expect(await documentsOf(database)).toEqual(new Map([[ID, item('then')]]));
    }
    await rig.close();
  });
});
