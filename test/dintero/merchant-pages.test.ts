import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { clientOf, neverAborted, serve } from '../support/list-server.ts';

const PARTNER = 'P11200000';
const partner = { id: PARTNER, ...sandboxCredentials(PARTNER) };

/** A server of pages that `page` makes; `pages` collects the value of `starting_after` in each request. */
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
    const { merchants, complete } = await client.listMerchants(partner, neverAborted);
    expect({ found: merchants.length, complete }).toEqual({ found: 100, complete: false });
    expect(server.pages).toEqual([null, 'token 99']);
  });

  test('that repeats a page with ever new tokens is incomplete after two requests', async () => {
    await using server = await servePages((_after, count) => pageFrom(0, { paging_token: `token of answer ${count}` }));
    using client = clientOf(server.url);
    expect((await client.listMerchants(partner, neverAborted)).complete).toBe(false);
    expect(server.pages).toHaveLength(2);
  });

  test('whose pages form a cycle is incomplete, and each page is read once', async () => {
    await using server = await servePages((_after, count) => pageFrom((count % 3) * 100));
    using client = clientOf(server.url);
    const { merchants, complete } = await client.listMerchants(partner, neverAborted);
    expect({ found: merchants.length, complete }).toEqual({ found: 300, complete: false });
  });

  test('whose full page has no token for the next one is incomplete', async () => {
    await using server = await servePages(() => pageFrom(0, { paging_token: null }));
    using client = clientOf(server.url);
    expect(await client.listMerchants(partner, neverAborted)).toMatchObject({ complete: false, skipped: 0 });
    expect(server.pages).toEqual([null]);
  });

  test('that repeats the last merchant of a page on the next page has it once', async () => {
    await using server = await servePages((after) => (after === null ? pageFrom(0) : JSON.stringify([itemAt(99)])));
    using client = clientOf(server.url);
    const { merchants, complete } = await client.listMerchants(partner, neverAborted);
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
    expect(await client.listMerchants(partner, neverAborted)).toEqual({
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
    const { merchants } = await client.listMerchants(partner, neverAborted);
    expect(merchants).toEqual([{ id: 'P11200001', name, active: true }]);
  });

  test('can have several megabytes', async () => {
    const large = { company: { business_name: 'Acme', uploads: 'x'.repeat(50_000) } };
    await using server = await servePages((after) => (after === null ? pageFrom(0, large) : '[]'));
    using client = clientOf(server.url);
    expect((await client.listMerchants(partner, neverAborted)).merchants).toHaveLength(100);
  });
});
