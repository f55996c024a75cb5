import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { clientOf, neverAborted, readListing } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const PARTNER = 'P11200000';
const partner = { id: PARTNER, ...sandboxCredentials(PARTNER) };

const partnerWith = (merchants: number) => [
  { id: PARTNER, name: 'Nordic Platform' },
  ...Array.from({ length: merchants }, (_, index) => ({ id: `P${11_200_001 + index}`, name: `Merchant ${index + 1}` })),
];

const pageRequests = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/management/accounts'));

describe("a partner's merchants", () => {
  test('are listed with name and whether they are active', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    expect(await client.listMerchants(partner, neverAborted)).toEqual({
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
    const { merchants, complete } = await client.listMerchants(partner, neverAborted);
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
    await client.listMerchants(partner, neverAborted);
    await client.listMerchants(partner, neverAborted);
    await readListing(client, sandboxAccount('P11200001', { partner: PARTNER }));
    await readListing(client, sandboxAccount('P11200002', { partner: PARTNER }));
    const paths = sandbox.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === `/v1/accounts/${PARTNER}/auth/token`)).toHaveLength(1);
    expect(paths.filter((path) => path.endsWith('/auth/exchange_token'))).toHaveLength(2);
  });
});
