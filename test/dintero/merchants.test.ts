import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { account, clientOf, listing, never, serve } from '../support/list-server.ts';

const PARTNER = 'P11200000';
const partner = { id: PARTNER, ...sandboxCredentials(PARTNER) };
const always = { times: Number.POSITIVE_INFINITY };

const partnerWith = (merchants: number) => [
  { id: PARTNER, name: 'Nordic Platform' },
  ...Array.from({ length: merchants }, (_, index) => ({ id: `P${11_200_001 + index}`, name: `Merchant ${index + 1}` })),
];

const pageRequests = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/management/accounts'));

describe("a partner's merchants", () => {
  test('are listed with name and whether they are active', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    expect(await client.listMerchants(partner, never)).toEqual({
      merchants: [
        { id: 'P11200001', name: 'Nordic Platform: Bakeriet', active: true },
        { id: 'P11200002', name: 'Nordic Platform: Verkstedet', active: true },
        { id: 'P11200003', name: 'Nordic Platform: Nedlagt', active: false },
      ],
      skipped: 0,
      complete: true,
    });
  });

  test.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [250, 3],
  ])('are listed completely when there are %i, with %i requests', async (count, requests) => {
    await using sandbox = await startSandbox({ accounts: partnerWith(count), casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    const { merchants, complete } = await client.listMerchants(partner, never);
    expect(complete).toBe(true);
    expect(merchants.map(({ id }) => id)).toEqual(
      partnerWith(count)
        .slice(1)
        .map(({ id }) => id),
    );
    expect(pageRequests(sandbox)).toHaveLength(requests);
  });

  test("are requested with the partner's own token, which the tokens of its merchants share", async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await client.listMerchants(partner, never);
    await client.listMerchants(partner, never);
    await listing(client, account('P11200001', { partner: PARTNER }));
    await listing(client, account('P11200002', { partner: PARTNER }));
    const paths = sandbox.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === `/v1/accounts/${PARTNER}/auth/token`)).toHaveLength(1);
    expect(paths.filter((path) => path.endsWith('/auth/exchange_token'))).toHaveLength(2);
  });
});

/** A server whose pages are made by `page`; `pages` collects the value of `starting_after` in each request. */
async function servePages(page: (after: string | null, count: number) => string) {
  const pages: (string | null)[] = [];
  const answer: RequestListener = (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    pages.push(searchParams.get('starting_after'));
    response.end(page(searchParams.get('starting_after'), pages.length));
  };
  const server = await serve(answer);
  return { url: server.url, pages, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const itemAt = (index: number, more: Record<string, unknown> = {}) => ({
  account_id: `P${11_200_001 + index}`,
  active: true,
  company: { business_name: `Merchant ${index}` },
  paging_token: `token ${index}`,
  ...more,
});

const pageFrom = (start: number, more?: Record<string, unknown>) =>
  JSON.stringify(Array.from({ length: 100 }, (_, index) => itemAt(start + index, more)));

describe('a list of merchants', () => {
  test('that ignores starting_after is incomplete after two requests', async () => {
    await using server = await servePages(() => pageFrom(0));
    using client = clientOf(server.url);
    const { merchants, complete } = await client.listMerchants(partner, never);
    expect({ found: merchants.length, complete }).toEqual({ found: 100, complete: false });
    expect(server.pages).toEqual([null, 'token 99']);
  });

  test('that repeats a page with ever new tokens is incomplete after two requests', async () => {
    await using server = await servePages((_after, count) => pageFrom(0, { paging_token: `token of answer ${count}` }));
    using client = clientOf(server.url);
    expect((await client.listMerchants(partner, never)).complete).toBe(false);
    expect(server.pages).toHaveLength(2);
  });

  test('whose pages form a cycle is incomplete, and each page is read once', async () => {
    await using server = await servePages((_after, count) => pageFrom((count % 3) * 100));
    using client = clientOf(server.url);
    const { merchants, complete } = await client.listMerchants(partner, never);
    expect({ found: merchants.length, complete }).toEqual({ found: 300, complete: false });
  });

  test('whose full page has no token for the next one is incomplete', async () => {
    await using server = await servePages(() => pageFrom(0, { paging_token: null }));
    using client = clientOf(server.url);
    expect(await client.listMerchants(partner, never)).toMatchObject({ complete: false, skipped: 0 });
    expect(server.pages).toEqual([null]);
  });

  test('that repeats the last merchant of a page on the next page has it once', async () => {
    await using server = await servePages((after) => (after === null ? pageFrom(0) : JSON.stringify([itemAt(99)])));
    using client = clientOf(server.url);
    const { merchants, complete } = await client.listMerchants(partner, never);
    expect({ found: merchants.length, complete }).toEqual({ found: 100, complete: true });
  });

  test('with unreadable items has all others, and counts the unreadable ones', async () => {
    const items = [
      'null',
      '"P11200001"',
      '{"active":true}',
      '{"account_id":null}',
      '{"account_id":11200001}',
      '{"account_id":"../../P11200001"}',
      '{"account_id":"P11200009","active":nonsense}',
      JSON.stringify(itemAt(0)),
    ];
    await using server = await servePages(() => `[${items.join(',')}]`);
    using client = clientOf(server.url);
    expect(await client.listMerchants(partner, never)).toEqual({
      merchants: [{ id: 'P11200001', name: 'Merchant 0', active: true }],
      skipped: 7,
      complete: true,
    });
  });

  test.each([
    ['is not there', {}, null],
    ['is no object', { company: 'Acme' }, null],
    ['has no name', { company: { business_name: null } }, null],
    ['has a name of the wrong type', { company: { business_name: 7 } }, null],
    ['has an empty name', { company: { business_name: ' \n' } }, null],
    ['has a name that Postgres refuses', { company: { business_name: 'A\u0000b \ud800' } }, 'A b \ufffd'],
  ])('has an active merchant whose company %s', async (_what, more, name) => {
    const merchant = { account_id: 'P11200001', ...more };
    await using server = await servePages(() => JSON.stringify([merchant]));
    using client = clientOf(server.url);
    const { merchants } = await client.listMerchants(partner, never);
    expect(merchants).toEqual([{ id: 'P11200001', name, active: true }]);
  });

  test('can have several megabytes', async () => {
    const large = { company: { business_name: 'Acme', uploads: 'x'.repeat(50_000) } };
    await using server = await servePages((after) => (after === null ? pageFrom(0, large) : '[]'));
    using client = clientOf(server.url);
    expect((await client.listMerchants(partner, never)).merchants).toHaveLength(100);
  });
});

describe('a failed listing of merchants', () => {
  test.each<[Fault, string]>([
    [{ kind: 'status', status: 403 }, 'FORBIDDEN'],
    [{ kind: 'status', status: 404 }, 'NOT_FOUND'],
    [{ kind: 'status', status: 500 }, 'HTTP'],
    [{ kind: 'html' }, 'NOT_JSON'],
    [{ kind: 'object' }, 'NOT_JSON'],
    [{ kind: 'truncated', afterBytes: 20 }, 'TRUNCATED'],
    [{ kind: 'hangUp' }, 'NETWORK'],
  ])('because of %j is a SyncError that names the partner', async (fault, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'discovery', fault, ...always });
    using client = clientOf(sandbox.url);
    const error: unknown = await client.listMerchants(partner, never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SyncError', code, message: expect.stringContaining(PARTNER) });
    const secrets = sandbox.secrets();
    expect(
      secrets.filter((secret) => JSON.stringify(error).includes(secret) || String(error).includes(secret)),
    ).toEqual([]);
  });

  test('is retried from the page that failed', async () => {
    await using sandbox = await startSandbox({ accounts: partnerWith(150), casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'delay', seconds: 0 } });
    sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 503 }, times: 2 });
    expect((await client.listMerchants(partner, never)).merchants).toHaveLength(150);
    expect(pageRequests(sandbox)).toHaveLength(4);
  });

  test('in the middle of a page neither repeats nor loses a merchant after the retry', async () => {
    await using sandbox = await startSandbox({ accounts: partnerWith(150), casesPerAccount: 0 });
    sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'cutOff', afterBytes: 5000 } });
    using client = clientOf(sandbox.url);
    const { merchants, skipped } = await client.listMerchants(partner, never);
    expect({ found: merchants.length, skipped }).toEqual({ found: 150, skipped: 0 });
    expect(pageRequests(sandbox)).toHaveLength(3);
  });

  test('because of a refused token is retried once with a new one', async () => {
    let now = 0;
    await using sandbox = await startSandbox({ now: () => now });
    using client = clientOf(sandbox.url);
    await client.listMerchants(partner, never);
    now = 14_400_001;
    expect((await client.listMerchants(partner, never)).merchants).toHaveLength(3);
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/auth/token'))).toHaveLength(2);
  });

  test('because of a wrong secret is an AUTH error that names the partner, not the secret', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const wrong = { ...partner, clientSecret: 'not-the-secret-at-all' };
    await expect(client.listMerchants(wrong, never)).rejects.toMatchObject({
      code: 'AUTH',
      message: expect.stringMatching(/Check clientId and clientSecret of P11200000\.$/),
    });
  });

  test('because of an abort or a closed client is CANCELLED', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await expect(client.listMerchants(partner, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    client.close();
    await expect(client.listMerchants(partner, never)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
