import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import { isObject, type JsonObject } from '../../src/sandbox/json.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { getList, itemsIn, listUrl, parsed, send, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';

describe('the list', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ casesPerAccount: 150 });
  });
  afterAll(() => sandbox.close());

  const documents = () => sandbox.world.documents(account);
  const filtered = async (query: string) => itemsIn(await getList(sandbox, account, { query }));

  it('is the bare array of the documents, in compact JSON', async () => {
    const answer = await getList(sandbox, account);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body.toString()).toBe(JSON.stringify(documents()));
  });

  it('is the same for a second request, and a new one after the clock has moved', async () => {
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
  ])('is refused for the account %s', async (accountId, status) => {
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

  it('has contracts in the events only on request, and is otherwise the same', async () => {
    const query = '?includes=events.case.contracts';
    const contracts = (list: JsonObject[]) =>
      list
        .flatMap(eventsOf)
        .flatMap(({ case: provider }) => (isObject(provider) && 'contracts' in provider ? [provider.contracts] : []));
    expect(contracts(await filtered(''))).toEqual([]);
    const withContracts = await filtered(query);
    expect(contracts(withContracts).length).toBeGreaterThan(100);
    const stripped = JSON.stringify(withContracts, (key, value) => (key === 'contracts' ? undefined : value));
    expect(stripped).toBe(JSON.stringify(documents()));
  });

  it('keeps the contracts of an edited case', async () => {
    await using other = await startSandbox({ casesPerAccount: 30 });
    const query = '?includes=events.case.contracts';
    const before = (await getList(other, account, { query })).body.toString();
    for (const id of other.world.caseIds(account)) other.world.edit({ account, case: id }, () => {});
    expect((await getList(other, account, { query })).body.toString()).toBe(before);
    expect((await getList(other, account)).body.toString()).not.toContain('"contracts"');
  });

  it('is compressed for a client that accepts gzip', async () => {
    const compressed = await getList(sandbox, account, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(compressed.body).toString()).toBe(JSON.stringify(documents()));
    expect((await getList(sandbox, account)).headers['content-encoding']).toBeUndefined();
  });

  it('is logged without secrets', async () => {
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
