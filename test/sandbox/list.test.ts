import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import { isObject, type JsonObject } from '../../src/sandbox/json.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { getList, listUrl, parsed, type Received, send, tokenFor } from './client.ts';

const account = 'P12345678';

function items(received: Received): JsonObject[] {
  const list = parsed(received);
  if (!Array.isArray(list)) throw new Error('The answer is no array');
  return list.filter(isObject);
}

describe('the list', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ casesPerAccount: 150 });
  });
  afterAll(() => sandbox.close());

  const documents = () => sandbox.world.documents(account);
  const filtered = async (query: string) => items(await getList(sandbox, account, { query }));

  it('is the bare array of the documents, in compact JSON', async () => {
    const answer = await getList(sandbox, account);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body.toString()).toBe(JSON.stringify(documents()));
  });

  it('is the same when it is asked for again, and the new one when the clock has moved', async () => {
    await using other = await startSandbox({ casesPerAccount: 150 });
    await getList(other, account);
    other.world.advance({ hours: 24 });
    expect(Buffer.compare((await getList(other, account)).body, (await getList(other, account)).body)).toBe(0);
    expect((await getList(other, account)).body.toString()).toBe(JSON.stringify(other.world.documents(account)));
  });

  it('is empty for an account without cases', async () => {
    await using empty = await startSandbox({ casesPerAccount: 0 });
    expect((await getList(empty, account)).body.toString()).toBe('[]');
  });

  it.each([
    ['X1', 400],
    ['P99999999', 404],
  ])('of the account %s is refused', async (accountId, status) => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, account)}` };
    const answer = await send(listUrl(sandbox, accountId), { headers });
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toMatchObject({ error: { message: expect.stringContaining(accountId) } });
  });

  it.each(['', 'Bearer', 'Bearer x y', 'Basic abc'])(
    'is refused with the authorization "%s"',
    async (authorization) => {
      expect((await send(listUrl(sandbox, account), { headers: { authorization } })).status).toBe(401);
    },
  );

  it('is filtered by one status or several, with or without brackets', async () => {
    const active = documents().filter((document) => statusOf(document) === 'ACTIVE');
    const declined = documents().filter((document) => statusOf(document) === 'DECLINED');
    expect(active.length).toBeGreaterThan(10);
    expect(await filtered('?case_status=ACTIVE')).toEqual(active);
    for (const query of [
      '?case_status=ACTIVE&case_status=DECLINED',
      '?case_status[]=ACTIVE&case_status%5B%5D=DECLINED',
    ]) {
      expect((await filtered(query)).length).toBe(active.length + declined.length);
    }
    expect(await filtered('?case_status=NEVER_HEARD_OF')).toEqual([]);
  });

  it('is filtered by product and by action, and by all filters at once', async () => {
    const payout = await filtered('?products=payout');
    const checkout = await filtered('?products=checkout');
    expect(payout.length).toBeLessThan(150);
    expect(payout.length + checkout.length).toBeGreaterThan(150);
    expect((await filtered('?products=payout&products=checkout')).length).toBe(150);
    const both = await filtered('?products=payout&actions_on_approval=create_payout_destination&case_status=ACTIVE');
    expect(both.length).toBeGreaterThan(2);
    expect(both.every((item) => JSON.stringify(item).includes('"create_payout_destination"'))).toBe(true);
    expect(both.every((item) => statusOf(item) === 'ACTIVE')).toBe(true);
  });

  it('is filtered by payout destination, with * for any text', async () => {
    const idOf = (item: JsonObject) => (isObject(item.case_for) ? item.case_for.payout_destination_id : undefined);
    const withDestination = documents().filter((document) => idOf(document) !== undefined);
    const id = String(idOf(withDestination[0] ?? {}));
    expect((await filtered(`?payout_destination_id=${id}`)).map(idOf)).toEqual([id]);
    expect((await filtered(`?payout_destination_id=${id.slice(0, -2)}*`)).map(idOf)).toContain(id);
    expect((await filtered(`?payout_destination_id=*${id.slice(5)}`)).map(idOf)).toEqual([id]);
    expect(await filtered(`?payout_destination_id=${id.slice(0, -2)}`)).toEqual([]);
    expect(await filtered('?payout_destination_id=.%2B')).toEqual([]);
    expect(await filtered('?payout_destination_id=*')).toEqual(withDestination);
  });

  it('has contracts inside the events only when they are asked for, and is otherwise the same', async () => {
    const query = '?includes=events.case.contracts';
    const contracts = (list: JsonObject[]) =>
      list
        .flatMap(eventsOf)
        .flatMap(({ case: held }) => (isObject(held) && 'contracts' in held ? [held.contracts] : []));
    expect(contracts(await filtered(''))).toEqual([]);
    const withContracts = await filtered(query);
    expect(contracts(withContracts).length).toBeGreaterThan(100);
    const stripped = JSON.stringify(withContracts, (key, value) => (key === 'contracts' ? undefined : value));
    expect(stripped).toBe(JSON.stringify(documents()));
  });

  it('keeps the contracts of a case that a verb has changed', async () => {
    await using other = await startSandbox({ casesPerAccount: 30 });
    const query = '?includes=events.case.contracts';
    const before = (await getList(other, account, { query })).body.toString();
    for (const id of other.world.caseIds(account)) other.world.edit({ account, case: id }, () => {});
    expect((await getList(other, account, { query })).body.toString()).toBe(before);
    expect((await getList(other, account)).body.toString()).not.toContain('"contracts"');
  });

  it('is zipped for who accepts it', async () => {
    const zipped = await getList(sandbox, account, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe(JSON.stringify(documents()));
    expect((await getList(sandbox, account)).headers['content-encoding']).toBeUndefined();
  });

  it('is logged without its secrets', async () => {
    await filtered('?case_status=ACTIVE');
    expect(sandbox.requests.slice(-2)).toEqual([
      { method: 'POST', path: `/v1/accounts/${account}/auth/token`, query: '', status: 200 },
      {
        method: 'GET',
        path: `/v1/accounts/${account}/management/settings/cdd/cases`,
        query: 'case_status=ACTIVE',
        status: 200,
      },
    ]);
  });
});

describe('the etag of the list', () => {
  const etagOf = async (sandbox: Sandbox, query = '') =>
    (await getList(sandbox, account, { query })).headers.etag ?? 'none';
  const statusFor = async (sandbox: Sandbox, etag: string, query = '') =>
    (await getList(sandbox, account, { query, headers: { 'if-none-match': etag } })).status;

  it('is weak, saves the body while nothing changes, and is the same zipped and not', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const etag = await etagOf(sandbox);
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    const again = await getList(sandbox, account, { headers: { 'if-none-match': etag, 'accept-encoding': 'gzip' } });
    expect(again).toMatchObject({ status: 304, headers: { etag } });
    expect(again.body.length).toBe(0);
    sandbox.world.advance({ hours: 0 });
    expect(await statusFor(sandbox, etag)).toBe(304);
    expect(await statusFor(sandbox, `"x", ${etag.slice(2)}`)).toBe(304);
    expect(await statusFor(sandbox, '*')).toBe(304);
    expect(await statusFor(sandbox, '"x"')).toBe(200);
  });

  it('is another one for another query, account, seed and start', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    await using reseeded = await startSandbox({ casesPerAccount: 3, seed: 2 });
    await using later = await startSandbox({ casesPerAccount: 3, start: '2026-06-02T06:00:00Z' });
    const etags = await Promise.all([
      etagOf(sandbox),
      etagOf(sandbox, '?case_status=ACTIVE'),
      etagOf(sandbox, '?case_status=DECLINED'),
      etagOf(sandbox, '?includes=events.case.contracts'),
      etagOf(reseeded),
      etagOf(later),
    ]);
    expect(new Set(etags).size).toBe(6);
    expect(await statusFor(sandbox, etags[1] ?? '')).toBe(200);
  });

  it('changes with every change of the list', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 20 });
    const { world } = sandbox;
    const changes = [
      () => world.advance({ hours: 24 }),
      () => world.appendEvent({ account }),
      () => world.vanish({ account }),
      () => world.bringBack({ account }),
      () => world.reorderKeys({ account }),
      () => world.reorderAllKeys(account),
      () => world.repeat({ account }),
      () => world.appendItem(account, '{}'),
      () => world.serve(account, '[]'),
      () => world.serve(account, null),
    ];
    const etags = [await etagOf(sandbox)];
    for (const change of changes) {
      change();
      etags.push(await etagOf(sandbox));
    }
    expect(new Set(etags).size).toBe(changes.length + 1);
  });

  it("stays when the time passes and only other accounts' lists change", async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const etag = await etagOf(sandbox);
    sandbox.world.appendEvent({ account: 'T12345678' });
    sandbox.world.advance({ hours: 0.001 });
    expect(await statusFor(sandbox, etag)).toBe(304);
  });
});

describe('a list that tests have their hands in', () => {
  it('is served as given, whatever it is, until it is given back', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const hostile = Buffer.from([0x5b, 0xff, 0x00, 0x5d]);
    sandbox.world.serve(account, hostile);
    expect((await getList(sandbox, account)).body).toEqual(hostile);
    sandbox.world.serve(account, '');
    expect(await getList(sandbox, account)).toMatchObject({ status: 200, body: Buffer.alloc(0), isComplete: true });
    sandbox.world.serve(account, null);
    expect(items(await getList(sandbox, account))).toEqual(sandbox.world.documents(account));
  });

  it('has raw items at its end, also when it is otherwise empty', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    sandbox.world.appendItem(account, '{"id":1e400}');
    sandbox.world.appendItem(account, Buffer.from('"\xff"', 'latin1'));
    expect((await getList(sandbox, account)).body).toEqual(Buffer.from('[{"id":1e400},"\xff"]', 'latin1'));
  });

  it('stays whole where all cases of a page have vanished', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 130 });
    const ids = sandbox.world.caseIds(account);
    for (const id of [...ids.slice(0, 64), ...ids.slice(128)]) sandbox.world.vanish({ account, case: id });
    expect(items(await getList(sandbox, account)).map(({ id }) => id)).toEqual(ids.slice(64, 128));
  });
});

describe('a large list', () => {
  it('of 20,000 cases starts within seconds and is served again from memory', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 20_000, accounts: [{ id: account, name: 'Large' }] });
    const first = await getList(sandbox, account);
    expect(items(first).length).toBe(20_000);
    expect(Buffer.compare(first.body, (await getList(sandbox, account)).body)).toBe(0);
  }, 30_000);

  it('costs a client that leaves in the middle nothing but its own request', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 5000, accounts: [{ id: account, name: 'Large' }] });
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, account)}` };
    const response = await fetch(listUrl(sandbox, account), { headers });
    await response.body?.getReader().read();
    await response.body?.cancel().catch(() => {});
    expect(items(await getList(sandbox, account)).length).toBe(5000);
  });
});

describe('many accounts', () => {
  it('are as many as asked for, each with its own client and cases', async () => {
    await using sandbox = await startSandbox({ accounts: 300, casesPerAccount: 2 });
    expect(sandbox.world.accounts.length).toBe(300);
    const [first, last] = await Promise.all([getList(sandbox, 'P20000001'), getList(sandbox, 'P20000300')]);
    expect(items(first).length).toBe(2);
    expect(items(last).map(({ id }) => id)).not.toEqual(items(first).map(({ id }) => id));
  });

  it('can have a number of cases each', async () => {
    const accounts = [
      { id: 'P12345678', name: 'Large', cases: 7 },
      { id: 'P12345679', name: 'Usual' },
    ];
    await using sandbox = await startSandbox({ accounts, casesPerAccount: 3 });
    expect(accounts.map(({ id }) => sandbox.world.caseIds(id).length)).toEqual([7, 3]);
  });
});
