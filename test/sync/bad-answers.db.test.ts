import { describe, expect } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { test } from '../support/database.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, missingCount, syncedRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-0000000000${n + 10}`;

describe('a response that is no list', () => {
  const answers: [string, Fault, { error_code: string; says: RegExp }][] = [
    ['an object', { kind: 'object' }, { error_code: 'NOT_JSON', says: /object/ }],
    ['HTML with status 200', { kind: 'html' }, { error_code: 'NOT_JSON', says: /HTML/ }],
    ['nothing at all', { kind: 'empty' }, { error_code: 'TRUNCATED', says: /./ }],
    [
      'a list cut off in the middle of an item',
      { kind: 'truncated', afterBytes: 5000 },
      { error_code: 'TRUNCATED', says: /end/ },
    ],
    ['403', { kind: 'status', status: 403 }, { error_code: 'FORBIDDEN', says: /scope/ }],
    ['404', { kind: 'status', status: 404 }, { error_code: 'NOT_FOUND', says: /baseUrl/ }],
    ['400', { kind: 'status', status: 400 }, { error_code: 'HTTP', says: /400/ }],
  ];
  for (const [what, fault, { error_code, says }] of answers) {
    test(`${what} fails at once as ${error_code}, and every saved case stays present`, async ({ db: { database } }) => {
      const { rig, kept } = await syncedRig(database);
      await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
      rig.sandbox.faults.add({ endpoint: 'list', fault });
      const row = await rig.sync();
      expect(row).toMatchObject({ state: 'failed', complete: false, error_code, retries: 0, cases_missing: 0 });
      expect(row.error_message).toMatch(says);
      expect(row.error_message).toContain(ACCOUNT);
      expect(await missingCount(database)).toBe(0);
      expect(await documentsOf(database)).toEqual(kept);
      await rig.close();
    });
  }

  test('an item that is not JSON in a list that is cut off is kept with the items before it', async ({
    db: { database },
  }) => {
    const rig = await createRig(database);
    const before = Array.from({ length: 30 }, (_, n) => ({ id: idOf(n), account_id: ACCOUNT, events: [{ id: 1 }] }));
    const items = [...before.map((item) => JSON.stringify(item)), `{"id":"${idOf(30)}","events":[],"a":tru}`];
    rig.sandbox.world.serve(ACCOUNT, `[${items.join()}`);
    expect(await rig.sync()).toMatchObject({
      ...{ state: 'failed', error_code: 'TRUNCATED', retries: 0, cases_created: 30, events_recorded: 30 },
      ...{ items_rejected: 1, error_message: expect.stringContaining(ACCOUNT) },
    });
    expect(await documentsOf(database)).toEqual(new Map(before.map((item) => [item.id, item])));
    await rig.close();
  });

  test.for([
    ['a bracket too many', '{"a":1}}', 'NOT_JSON'],
    ['two items without a comma between them', '{"a":1}{"a":2}', 'NOT_JSON'],
    ['a string without an end', '{"a":"1}', 'TRUNCATED'],
  ] as const)(
    '%s hides where an item ends: the run fails, and the items before it are saved',
    async ([_what, item, error_code], { db: { database } }) => {
      const rig = await createRig(database);
      rig.sandbox.world.serve(ACCOUNT, `[{"id":"${idOf(1)}","events":[]},${item},{"id":"${idOf(2)}","events":[]}]`);
      expect(await rig.sync()).toMatchObject({ state: 'failed', error_code, cases_created: 1, cases_missing: 0 });
      await rig.close();
    },
  );

  test('500 is tried five times with growing waits, then fails as HTTP', async ({ db: { database } }) => {
    const { rig, kept } = await syncedRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', times: 5, fault: { kind: 'status', status: 500 } });
    expect(await rig.sync()).toMatchObject({ state: 'failed', error_code: 'HTTP', retries: 4, requests: 5 });
    expect(rig.waits).toEqual([500, 1000, 2000, 4000]);
    expect(await documentsOf(database)).toEqual(kept);
    await rig.close();
  });

  test('429 with Retry-After makes the run wait that long, and then it succeeds', async ({ db: { database } }) => {
    const { rig } = await syncedRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 429, retryAfter: 7 } });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', retries: 1 });
    expect(rig.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(7000);
    await rig.close();
  });

  test('a case that changes between two tries of a run counts as updated', async ({ db: { database } }) => {
    const { rig } = await syncedRig(database);
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    const [first = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'cutOff', afterItems: 20 } });
    rig.onWait(() => rig.sandbox.world.changeFields({ account: ACCOUNT, case: first }, { package: 'other' }));
    const row = await rig.sync();
    expect(row).toMatchObject({ state: 'succeeded', cases_updated: 1, cases_unchanged: row.cases_seen - 1 });
    await rig.close();
  });

  test('a list whose connection breaks is read again from its start, and every case counts once', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 1300 } });
    rig.sandbox.faults.add({ endpoint: 'list', times: 2, fault: { kind: 'cutOff', afterItems: 1200 } });
    const row = await rig.sync();
    expect(row).toMatchObject({
      state: 'succeeded',
      retries: 2,
      cases_seen: 1300,
      cases_created: 1300,
      items_rejected: 0,
    });
    expect(await documentsOf(database)).toEqual(listedDocuments(rig.sandbox));
    await rig.close();
  });
});

describe('credentials', () => {
  test('an expired token is renewed once, and the run succeeds', async ({ db: { database } }) => {
    const { rig } = await syncedRig(database);
    rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 401 } });
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', requests: 3 });
    await rig.close();
  });

  test('a wrong secret fails at once as AUTH, without the secret in the message', async ({ db: { database } }) => {
    const { rig, kept } = await syncedRig(database);
    const credentials = { kind: 'client' as const, clientId: 'sandbox', clientSecret: 'wrong-secret-0123456789' };
    const fresh = await createRig(database);
    const row = await fresh.sync({ account: sandboxAccount(ACCOUNT, { credentials }) });
    expect(row).toMatchObject({ state: 'failed', error_code: 'AUTH', retries: 0 });
    expect(row.error_message).not.toContain('wrong-secret');
    expect(row.error_message).toMatch(/clientSecret/);
    expect(await documentsOf(database)).toEqual(kept);
    await fresh.close();
    await rig.close();
  });
});
