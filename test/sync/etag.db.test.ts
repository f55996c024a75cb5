import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { serve } from '../support/list-server.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, rowVersions } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const filters = { products: ['payout'], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null };
const idOf = (n: number) => `00000000-0000-4000-8000-0000000000${n + 10}`;
const caseOf = (n: number) => ({ id: idOf(n), account_id: ACCOUNT, products: ['payout'], events: [{ id: 1 }] });
const unreadable = (n: number) => ({ ...caseOf(n), events: 'a string' });

const lastSuccess = async (database: Database) =>
  (await database.account.findUniqueOrThrow({ where: { id: ACCOUNT } })).lastSuccessAt;

describe('an unchanged list with rejected items', () => {
  test('costs one request, and its account is as fresh as its last run', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([caseOf(1), unreadable(2), unreadable(3)]));
    const first = await rig.sync();
    expect(first).toMatchObject({ state: 'partial', items_rejected: 2, error_code: null });
    expect(await lastSuccess(database)).toEqual(first.finished_at);
    for (const _ of [1, 2]) {
      const again = await rig.sync();
      expect(again).toMatchObject({
        ...{ state: 'partial', not_modified: true, complete: false, requests: 1, bytes_read: 0 },
        ...{ items_rejected: 2, cases_seen: 0, missing_held_back: 0, error_code: null },
      });
      expect(await lastSuccess(database)).toEqual(again.finished_at);
    }
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([caseOf(1), caseOf(2), caseOf(3)]));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', items_rejected: 0, cases_created: 2 });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: true, items_rejected: 0 });
    await rig.close();
  });

  test('has the number of its own rejected items if it is filtered', async ({ db: { database } }) => {
    const rig = await createRig(database);
    const items = [caseOf(1), unreadable(2), { ...unreadable(3), products: ['checkout'] }];
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({ items_rejected: 2 });
    const account = sandboxAccount(ACCOUNT, { filters });
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items.slice(0, 2)));
    expect(await rig.sync({ account })).toMatchObject({ state: 'partial', not_modified: false, items_rejected: 1 });
    expect(await rig.sync({ account })).toMatchObject({ state: 'partial', not_modified: true, items_rejected: 1 });
    expect(await database.rejectedItem.count({ where: { resolvedAt: null } })).toBe(2);
    await rig.close();
  });

  test('keeps its problems while runs between are refused or fail', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([caseOf(1), unreadable(2)]));
    await rig.sync();
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed' });
    expect(await rig.sync()).toMatchObject({ state: 'partial', not_modified: true, items_rejected: 1 });
    await rig.close();
  });

  test('is read again if the run that knows its problems was deleted', async ({ db: { database } }) => {
    const rig = await createRig(database);
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([caseOf(1), unreadable(2)]));
    await rig.sync();
    await database.syncRun.deleteMany();
    expect(await rig.sync()).toMatchObject({ state: 'partial', not_modified: false, items_rejected: 1 });
    await rig.close();
  });

  test('is read again after maxItemMegabytes was raised', async ({ db: { database } }) => {
    const small = await createRig(database, { api: { maxItemMegabytes: 0.1 } });
    const large = JSON.stringify([caseOf(1), { ...caseOf(2), package: 'x'.repeat(200_000) }]);
    small.sandbox.world.serve(ACCOUNT, large);
    expect(await small.sync()).toMatchObject({ state: 'partial', items_rejected: 1 });
    const { url } = small.sandbox;
    const raised = await createRig(database, {
      api: { baseUrl: url, audienceBase: `${url}/accounts`, maxItemMegabytes: 1 },
    });
    expect(await raised.sync()).toMatchObject({ state: 'succeeded', items_rejected: 0, cases_created: 1 });
    await raised.close();
    await small.close();
  });
});

describe('a run with an etag', () => {
  test('counts nothing and succeeds when the answer is 304', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const before = await rowVersions(database);
    const row = await rig.sync();
    expect(row).toMatchObject({
      state: 'succeeded',
      not_modified: true,
      complete: false,
      cases_seen: 0,
      bytes_read: 0,
      requests: 1,
    });
    expect(await rowVersions(database)).toEqual(before);
    await rig.close();
  });

  test('does not trust an etag that was given for another request', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    const filtered = await rig.sync({ account: sandboxAccount(ACCOUNT, { filters }) });
    expect(filtered).toMatchObject({ state: 'succeeded', not_modified: false, complete: true });
    await rig.close();
  });

  test('forgets the etag if it fails midway, so that an earlier list is read again', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1500 } });
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const original = listedDocuments(rig.sandbox).get(id);
    rig.sandbox.world.changeFields({ account: ACCOUNT, case: id }, { package: 'for a moment' });
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'truncated', afterItems: 1200 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'TRUNCATED', cases_updated: 1 });
    expect(await database.account.findUnique({ where: { id: ACCOUNT } })).toMatchObject({
      etag: null,
      etagRequest: null,
    });
    rig.sandbox.world.edit({ account: ACCOUNT, case: id }, (document) => Object.assign(document, original));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: false, cases_updated: 1 });
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });
});

describe('a run with an etag that the API refuses', () => {
  const listRequests = (etags: (string | undefined)[]) => etags.filter((etag) => etag !== undefined).length;

  /** An API with a list of this etag, which answers 431 when the etag is sent back. */
  async function refusingApi() {
    const api = { list: '[]', etag: '"one"', refused: '"one"', etags: [] as (string | undefined)[] };
    const server = await serve((request, response) => {
      const sent = request.headers['if-none-match'];
      api.etags.push(sent);
      if (sent === api.refused) response.writeHead(431).end();
      else if (sent === api.etag) response.writeHead(304).end();
      else response.setHeader('etag', api.etag).end(api.list);
    });
    return Object.assign(api, server);
  }

  test('succeeds without it, and no later run sends it again', async ({ db: { database } }) => {
    await using api = await refusingApi();
    const rig = await createRig(database, { api: { baseUrl: api.url, audienceBase: `${api.url}/accounts` } });
    api.list = JSON.stringify([caseOf(1)]);
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 1 });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: false, requests: 2 });
    expect(api.etags).toEqual([undefined, '"one"', undefined]);
    for (const _ of [1, 2, 3]) expect(await rig.sync()).toMatchObject({ state: 'succeeded', requests: 1 });
    expect(listRequests(api.etags)).toBe(1);
    await rig.close();
  });

  test('uses the etag of a later list again', async ({ db: { database } }) => {
    await using api = await refusingApi();
    const rig = await createRig(database, { api: { baseUrl: api.url, audienceBase: `${api.url}/accounts` } });
    for (const _ of [1, 2, 3]) await rig.sync();
    api.etag = '"two"';
    api.list = JSON.stringify([caseOf(1)]);
    expect(await rig.sync()).toMatchObject({ not_modified: false, cases_created: 1 });
    expect(await rig.sync()).toMatchObject({ not_modified: true, requests: 1 });
    expect(await rig.sync()).toMatchObject({ not_modified: true, requests: 1 });
    await rig.close();
  });

  test('is like any run if an older version stored an etag of 9 KB', async ({ db: { database } }) => {
    const rig = await createRig(database);
    await rig.sync();
    await database.$executeRaw`update cdd.accounts set etag = ${`"${'x'.repeat(9000)}"`}`;
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: false, requests: 1 });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', not_modified: true, requests: 1 });
    await rig.close();
  });
});
