import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { serve } from '../support/list-server.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, missingCount, syncedRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const openRejections = (database: Database) =>
  database.rejectedItem.findMany({ where: { resolvedAt: null }, orderBy: { path: 'asc' } });

describe('an item that cannot be read', () => {
  test('is resolved when it can be read, also by a run that does not see the whole list', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    const item = { id: '00000000-0000-4000-8000-0000000000aa', products: ['payout'] };
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([item]));
    expect(await rig.sync()).toMatchObject({ state: 'partial', items_rejected: 1 });
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([{ ...item, events: [] }]));
    const filters = { products: ['payout'], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null };
    const filtered = await rig.sync({ account: sandboxAccount(ACCOUNT, { filters }) });
    expect(filtered).toMatchObject({ state: 'succeeded', cases_created: 1 });
    expect(await openRejections(database)).toEqual([]);
    await rig.close();
  });

  test('without an id is rejected with the reason and its text, and nothing is marked missing', async ({
    db: { database },
  }) => {
    const { rig, kept } = await syncedRig(database);
    const [first] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'missingId' } });
    // The item without an id and a case that really disappeared cannot be told apart.
    rig.sandbox.world.vanish({ account: ACCOUNT, case: rig.sandbox.world.caseIds(ACCOUNT)[7] ?? '' });
    const row = await rig.sync();
    expect(row).toMatchObject({
      state: 'partial',
      items_rejected: 1,
      cases_missing: 0,
      missing_held_back: 2,
      error_code: 'UNREADABLE_ITEM',
    });
    const [item] = await openRejections(database);
    expect(item).toMatchObject({ caseId: null, path: 'id', timesSeen: 1 });
    expect(item?.reason).toMatch(/uuid/);
    expect(JSON.parse(item?.body ?? '')).toEqual({ ...(kept.get(first ?? '') as object), id: undefined });
    expect(await missingCount(database)).toBe(0);
    expect(await documentsOf(database)).toEqual(kept);
    await rig.close();
  });

  test('with one event id twice and different content is rejected, and its case stays present and unchanged', async ({
    db: { database },
  }) => {
    const { rig, kept } = await syncedRig(database);
    const [first = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.faults.add({ endpoint: 'list', times: 2, fault: { kind: 'items', change: 'conflictingEvent' } });
    expect(await rig.sync()).toMatchObject({
      state: 'partial',
      items_rejected: 1,
      cases_missing: 0,
      missing_held_back: 0,
    });
    expect(await rig.sync()).toMatchObject({ state: 'partial', items_rejected: 1 });
    const path = expect.stringMatching(/^events\[\d+\]$/);
    expect(await openRejections(database)).toMatchObject([{ caseId: first, path, timesSeen: 2 }]);
    expect(await documentsOf(database)).toEqual(kept);
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', items_rejected: 0 });
    expect(await openRejections(database)).toEqual([]);
    await rig.close();
  });

  test('that repeats a case with other content is rejected at every reading, and the first item is stored', async ({
    db: { database },
  }) => {
    const { rig, kept } = await syncedRig(database);
    const [first = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.faults.add({ endpoint: 'list', times: 2, fault: { kind: 'items', change: 'conflictingCase' } });
    for (const _ of [1, 2]) {
      expect(await rig.sync()).toMatchObject({ state: 'partial', items_rejected: 1, cases_updated: 0 });
      expect(await openRejections(database)).toMatchObject([{ caseId: first, path: 'id' }]);
      expect(await documentsOf(database)).toEqual(kept);
    }
    await rig.close();
  });

  test('is the second of two new ones with the same id, and not one that only repeats the first', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    const id = '00000000-0000-4000-8000-0000000000aa';
    const item = { id, account_id: ACCOUNT, products: [], case_for: {}, case_request: {}, events: [{ id: 1, a: 1.5 }] };
    const reordered = Object.fromEntries(Object.entries(item).reverse());
    const list = [item, item, reordered, { ...item, id: id.toUpperCase(), package: 'other' }];
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
    expect(await rig.sync()).toMatchObject({ cases_seen: 1, cases_created: 1, items_rejected: 1, state: 'partial' });
    expect(await documentsOf(database)).toEqual(new Map([[id, item]]));
    await rig.close();
  });

  test.for(['plain', 'in capitals', 'escaped'] as const)(
    'is the one that repeats a case as it was before the answer changed it, its id %s',
    async (spelling, { db: { database } }) => {
      const rig = await createRig(database);
      const caseOf = (id: string, reference: string) => ({
        ...{ id, account_id: ACCOUNT, products: [], case_for: {}, events: [{ id: 1 }] },
        case_request: { referenceId: reference },
      });
      const id = '00000000-0000-4000-8000-0000000000aa';
      const before = caseOf(id, '');
      const changed = JSON.stringify({ ...before, package: 'other' });
      const first = {
        plain: changed,
        'in capitals': changed.replace(id, id.toUpperCase()),
        escaped: changed.replace('-4000-', '-4\\u003000-'),
      }[spelling];
      // So many that the two are not received together.
      const between = Array.from({ length: 90 }, (_, n) => caseOf(id.replace('aa', `${n + 10}`), 'a'.repeat(4000)));
      for (const repeated of [before, Object.fromEntries(Object.entries(before).reverse())]) {
        rig.sandbox.world.serve(ACCOUNT, JSON.stringify([before, ...between]));
        await rig.sync();
        const rest = [...between, repeated].map((one) => JSON.stringify(one));
        rig.sandbox.world.serve(ACCOUNT, `[${[first, ...rest].join()}]`);
        expect(await rig.sync()).toMatchObject({ cases_seen: 91, cases_updated: 1, items_rejected: 1 });
        expect((await documentsOf(database)).get(id)).toMatchObject({ package: 'other' });
      }
      await rig.close();
    },
  );

  test('and can be read when the answer begins again is no longer open', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1300 } });
    await rig.sync();
    const [, second = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const original = listedDocuments(rig.sandbox).get(second);
    rig.sandbox.world.edit({ account: ACCOUNT, case: second }, (document) => {
      document.events = 'a string for a moment';
    });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'cutOff', afterItems: 1200 } });
    rig.onWait(() =>
      rig.sandbox.world.edit({ account: ACCOUNT, case: second }, (document) => Object.assign(document, original)),
    );
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', retries: 1, items_rejected: 0 });
    expect(await database.rejectedItem.count()).toBe(1);
    expect(await openRejections(database)).toEqual([]);
    await rig.close();
  });

  test('of a missing case makes the case present again, with its last document', async ({ db: { database } }) => {
    const { rig, kept } = await syncedRig(database);
    const [first = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.vanish({ account: ACCOUNT, case: first });
    await rig.sync();
    expect(await missingCount(database)).toBe(1);
    rig.sandbox.world.bringBack({ account: ACCOUNT, case: first });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'conflictingEvent' } });
    expect(await rig.sync()).toMatchObject({ state: 'partial', items_rejected: 1, cases_missing: 0 });
    expect(await missingCount(database)).toBe(0);
    expect(await documentsOf(database)).toEqual(kept);
    await rig.close();
  });

  test('of any hostile kind does not keep the other items from being saved', async ({ db: { database } }) => {
    const { rig, kept } = await syncedRig(database);
    const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
    const hostile = [
      'null',
      '17',
      '"text"',
      '[]',
      `{"id":"${id(1)}","events":[],"package":"a\\u0000b"}`,
      `{"id":"${id(2)}","events":[],"package":"\\ud800"}`,
      `{"id":"${id(3)}","events":[],"more":1e99999}`,
      `{"id":"${id(4)}","events":[],"more":${'['.repeat(600)}${']'.repeat(600)}}`,
      `{"id":"${id(5)}","events":[{"id":"one"}]}`,
      `{"id":"${id(6)}","events":[{"id":9007199254740993}]}`,
      `{"id":"not a uuid","events":[]}`,
      'tru',
      'NaN',
      `{"id":"${id(7)}","events":[],"more":[1}}`,
      `{"id":"${id(7)}","events":[],}`,
      `{"id":"${id(7)}","events":[],"said":"he said "no" then"}`,
      `{"id":"${id(7)}","events":[],"package":"a\0b"}`,
    ];
    for (const item of hostile) rig.sandbox.world.appendItem(ACCOUNT, item);
    const good = `{"id":"${id(9)}","events":[{"id":1,"created_at":"2026-01-01T12:00:60.1234567+01:00"},{"id":2.0}],"__proto__":{"x":1},"big":12345678901234567890.50}`;
    rig.sandbox.world.appendItem(ACCOUNT, good);
    const row = await rig.sync();
    expect(row).toMatchObject({ state: 'partial', items_rejected: hostile.length, cases_created: 1 });
    expect(await openRejections(database)).toHaveLength(hostile.length);
    const saved = await documentsOf(database);
    for (const [caseId, document] of kept) expect(saved.get(caseId)).toEqual(document);
    const [exact] = await database.$queryRaw<{ same: boolean }[]>`
      select cdd.case_document(${ACCOUNT}, ${id(9)}::uuid) = ${good}::jsonb as same`;
    expect(exact?.same).toBe(true);
    await rig.close();
  });

  test('because it is not JSON or not UTF-8 does not keep the items behind it from being read', async ({
    db: { database },
  }) => {
    const idOf = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
    const listItem = (n: number, more = '') => `{"id":"${idOf(n)}","events":[]${more}}`;
    const items = [listItem(1), listItem(2, ',"a":tru'), listItem(3), listItem(4, ',"name":"\xe6"'), listItem(5)];
    const server = await serve((_request, response) => {
      response.setHeader('etag', '"1"');
      response.end(Buffer.from(`[${items.join()}]`, 'latin1'));
    });
    const rig = await createRig(database, { api: { baseUrl: server.url } });
    expect(await rig.sync()).toMatchObject({
      ...{ state: 'partial', complete: true, error_code: 'UNREADABLE_ITEM', items_rejected: 2, cases_created: 3 },
    });
    expect([...(await documentsOf(database)).keys()].sort()).toEqual([1, 3, 5].map(idOf));
    expect(await database.rejectedItem.findMany({ orderBy: { reason: 'asc' } })).toMatchObject([
      { caseId: null, path: '', reason: 'not JSON', body: items[1] },
      { caseId: idOf(4), path: '', reason: 'not JSON: it is not text in UTF-8' },
    ]);
    await rig.close();
    await server[Symbol.asyncDispose]();
  });

  test('that is larger than maxItemMegabytes is rejected without its text', async ({ db: { database } }) => {
    const rig = await createRig(database, { api: { maxItemMegabytes: 0.1 } });
    rig.sandbox.world.appendItem(
      ACCOUNT,
      `{"id":"00000000-0000-4000-8000-000000000001","events":[],"x":"${'x'.repeat(200_000)}"}`,
    );
    const row = await rig.sync();
    expect(row).toMatchObject({ state: 'partial', items_rejected: 1 });
    expect(await openRejections(database)).toMatchObject([{ caseId: null, body: null, path: '' }]);
    await rig.close();
  });

  test('leaves no text behind with personalData: drop', async ({ db: { database } }) => {
    const rig = await createRig(database, { personalData: 'drop' });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'missingId' } });
    await rig.sync();
    expect(await openRejections(database)).toMatchObject([{ body: null, path: 'id' }]);
    await rig.close();
  });
});

describe('a status that is new to the database', () => {
  test('is listed as unknown, and its case is saved', async ({ db: { database } }) => {
    const { rig } = await syncedRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'unknownStatus' } });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', items_rejected: 0, cases_updated: 1 });
    const status = await database.caseStatus.findUnique({ where: { status: 'NEVER_HEARD_OF' } });
    expect(status).toMatchObject({ status: 'NEVER_HEARD_OF', stage: 'unknown', rank: null, known: false });
    expect(await database.case.count({ where: { status: 'NEVER_HEARD_OF' } })).toBe(1);
    await rig.close();
  });
});
