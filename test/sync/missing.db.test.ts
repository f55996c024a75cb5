import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, type Rig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

async function missingIds(database: Database): Promise<string[]> {
  const rows = await database.case.findMany({ where: { missingSince: { not: null } }, select: { id: true } });
  return rows.map(({ id }) => id).sort();
}

/** Takes so many cases out of the list; gives their ids. */
function vanish(rig: Rig, count: number): string[] {
  const ids = rig.sandbox.world.caseIds(ACCOUNT).slice(0, count);
  for (const id of ids) rig.sandbox.world.vanish({ account: ACCOUNT, case: id });
  return ids.sort();
}

describe('cases that are no longer in the list', () => {
  test('are marked missing by a complete list, and keep their earlier documents', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 60 } });
    const before = listedDocuments(rig.sandbox);
    const first = await rig.sync();
    const gone = vanish(rig, 3);
    expect(await rig.sync()).toMatchObject({
      state: 'succeeded',
      complete: true,
      cases_missing: 3,
      missing_held_back: 0,
    });
    expect(await missingIds(database)).toEqual(gone);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    expect(await documentsOf(database, first.finished_at ?? '')).toEqual(before);
    await rig.close();
  });

  test('are marked once: a second list without them marks nothing', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    vanish(rig, 2);
    await rig.sync();
    rig.sandbox.world.advance({ hours: 24 });
    expect(await rig.sync()).toMatchObject({ cases_missing: 0 });
    await rig.close();
  });

  test('are present again when they return, and count as unchanged or as updated', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [asBefore = '', changed = '', reordered = ''] = vanish(rig, 3);
    await rig.sync();
    for (const id of [asBefore, changed, reordered]) rig.sandbox.world.bringBack({ account: ACCOUNT, case: id });
    rig.sandbox.world.changeFields({ account: ACCOUNT, case: changed }, { package: 'other' });
    rig.sandbox.world.reorderKeys({ account: ACCOUNT, case: reordered });
    const row = await rig.sync();
    expect(row).toMatchObject({
      cases_returned: 3,
      cases_updated: 1,
      cases_unchanged: row.cases_seen - 1,
      cases_missing: 0,
    });
    expect(await missingIds(database)).toEqual([]);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    const revisions = await database.caseRevision.groupBy({
      by: ['caseId'],
      _count: true,
      where: { caseId: { in: [asBefore, changed, reordered] } },
    });
    expect(revisions.map(({ _count }) => _count)).toEqual([3, 3, 3]);
    await rig.close();
  });

  test('have a document again when they return with one changed event', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const [id = ''] = vanish(rig, 1);
    await rig.sync();
    rig.sandbox.world.bringBack({ account: ACCOUNT, case: id });
    rig.sandbox.world.edit({ account: ACCOUNT, case: id }, (document) => {
      const [first] = Array.isArray(document.events) ? document.events : [];
      first.request_id = 'another request';
    });
    expect(await rig.sync()).toMatchObject({ cases_returned: 1, cases_updated: 1, events_recorded: 1 });
    expect(await missingIds(database)).toEqual([]);
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });

  test('are held back if there are too many, until a run with --accept-missing', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 60 } });
    const first = await rig.sync();
    const gone = vanish(rig, 13);
    const held = await rig.sync();
    expect(held).toMatchObject({
      state: 'partial',
      error_code: 'MASS_DISAPPEARANCE',
      cases_missing: 0,
      missing_held_back: 13,
    });
    expect(held.error_message).toContain('--accept-missing');
    expect(await missingIds(database)).toEqual([]);
    // The list is not believed: it makes nothing fresh, and is read in full again.
    const { lastSuccessAt, etag } = await database.account.findUniqueOrThrow({ where: { id: ACCOUNT } });
    expect({ lastSuccessAt, etag }).toEqual({ lastSuccessAt: first.finished_at, etag: null });
    expect(await rig.sync()).toMatchObject({ state: 'partial', not_modified: false, missing_held_back: 13 });
    expect(first.cases_seen * 0.2).toBeLessThan(13);
    expect(await rig.sync({ acceptMissing: true })).toMatchObject({
      state: 'succeeded',
      cases_missing: 13,
      error_code: null,
    });
    expect(await missingIds(database)).toEqual(gone);
    await rig.close();
  });

  test('are held back with UNREADABLE_ITEM by an item without a readable id, also after a 304, until --accept-missing', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    await rig.sync();
    const gone = vanish(rig, 3);
    for (const item of ['17', '{"id":"x"}']) rig.sandbox.world.appendItem(ACCOUNT, item);
    const held = await rig.sync();
    const problems = { state: 'partial', error_code: 'UNREADABLE_ITEM', items_rejected: 2, missing_held_back: 3 };
    expect(held).toMatchObject({ ...problems, not_modified: false, cases_missing: 0 });
    expect(held.error_message).toMatch(/ 2 rejected items .* 3 cases .*cdd-sync rejected.*--accept-missing$/);
    expect(await rig.sync()).toMatchObject({ ...problems, not_modified: true, error_message: held.error_message });
    expect(await missingIds(database)).toEqual([]);
    const { lastSuccessAt } = await database.account.findUniqueOrThrow({ where: { id: ACCOUNT } });
    expect(lastSuccessAt?.getTime()).toBeGreaterThan(held.finished_at?.getTime() ?? Number.NaN);
    const accepted = { state: 'partial', error_code: null, items_rejected: 2, missing_held_back: 0 };
    expect(await rig.sync({ acceptMissing: true })).toMatchObject({ ...accepted, cases_missing: 3 });
    expect(await missingIds(database)).toEqual(gone);
    expect(await rig.sync()).toMatchObject({ ...accepted, not_modified: true, cases_missing: 0 });
    await rig.close();
  });

  test('are MASS_DISAPPEARANCE if unreadable items cannot explain them, else UNREADABLE_ITEM', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { missingGuard: { ratio: 0, atLeast: 2 } });
    await rig.sync();
    vanish(rig, 4);
    rig.sandbox.world.appendItem(ACCOUNT, '1');
    expect(await rig.sync()).toMatchObject({ error_code: 'MASS_DISAPPEARANCE', missing_held_back: 4 });
    rig.sandbox.world.appendItem(ACCOUNT, '2');
    expect(await rig.sync()).toMatchObject({ error_code: 'UNREADABLE_ITEM', missing_held_back: 4 });
    await rig.close();
  });

  test('are marked up to the limit of the guard and not beyond', async ({ db: { database } }) => {
    const rig = await createRig(database, { missingGuard: { ratio: 0, atLeast: 2 } });
    await rig.sync();
    vanish(rig, 2);
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_missing: 2 });
    vanish(rig, 3);
    expect(await rig.sync()).toMatchObject({ state: 'partial', missing_held_back: 3 });
    await rig.close();
  });

  test('are not marked by an empty list without --accept-missing', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const first = await rig.sync();
    rig.sandbox.world.serve(ACCOUNT, ' [ ] ');
    expect(await rig.sync()).toMatchObject({
      state: 'partial',
      complete: true,
      cases_seen: 0,
      missing_held_back: first.cases_seen,
    });
    expect(await missingIds(database)).toEqual([]);
    await rig.close();
  });

  test('are not marked by a filtered list', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const filters = { products: [], caseStatus: ['DECLINED'], actionsOnApproval: [], payoutDestinationId: null };
    const row = await rig.sync({ account: sandboxAccount(ACCOUNT, { filters }) });
    expect(row).toMatchObject({ state: 'succeeded', complete: true, cases_missing: 0, missing_held_back: 0 });
    expect(await missingIds(database)).toEqual([]);
    await rig.close();
  });

  test('are not marked by a list that is cut off midway', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    rig.sandbox.world.advance({ hours: 100 });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'truncated', afterItems: 5 } });
    expect(await rig.sync()).toMatchObject({
      state: 'failed',
      complete: false,
      error_code: 'TRUNCATED',
      cases_missing: 0,
    });
    rig.sandbox.faults.add({ endpoint: 'list', times: 5, fault: { kind: 'cutOff', afterItems: 5 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', complete: false, error_code: 'NETWORK', retries: 4 });
    expect(await missingIds(database)).toEqual([]);
    await rig.close();
  });
});
