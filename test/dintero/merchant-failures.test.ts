import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { clientOf, neverAborted } from '../support/list-server.ts';

const PARTNER = 'P11200000';
const partner = { id: PARTNER, ...sandboxCredentials(PARTNER) };
const always = { times: Number.POSITIVE_INFINITY };

const partnerWith = (merchants: number) => [
  { id: PARTNER, name: 'Nordic Platform' },
  ...Array.from({ length: merchants }, (_, index) => ({ id: `P${11_200_001 + index}`, name: `Merchant ${index + 1}` })),
];

const pageRequests = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/management/accounts'));

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
    const error: unknown = await client.listMerchants(partner, neverAborted).catch((thrown: unknown) => thrown);
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
    expect((await client.listMerchants(partner, neverAborted)).merchants).toHaveLength(150);
    expect(pageRequests(sandbox)).toHaveLength(4);
  });

  test('in the middle of a page neither repeats nor loses a merchant after the retry', async () => {
    await using sandbox = await startSandbox({ accounts: partnerWith(150), casesPerAccount: 0 });
    sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'cutOff', afterBytes: 5000 } });
    using client = clientOf(sandbox.url);
    const { merchants, skipped } = await client.listMerchants(partner, neverAborted);
    expect({ found: merchants.length, skipped }).toEqual({ found: 150, skipped: 0 });
    expect(pageRequests(sandbox)).toHaveLength(3);
  });

  test('because of a refused token is retried once with a new one', async () => {
    let now = 0;
    await using sandbox = await startSandbox({ now: () => now });
    using client = clientOf(sandbox.url);
    await client.listMerchants(partner, neverAborted);
    now = 14_400_001;
    expect((await client.listMerchants(partner, neverAborted)).merchants).toHaveLength(3);
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/auth/token'))).toHaveLength(2);
  });

  test('because of a wrong secret is an AUTH error that names the partner, not the secret', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const wrong = { ...partner, clientSecret: 'not-the-secret-at-all' };
    await expect(client.listMerchants(wrong, neverAborted)).rejects.toMatchObject({
      code: 'AUTH',
      message: expect.stringMatching(/Check clientId and clientSecret of P11200000\.$/),
    });
  });

  test('because of an abort or a closed client is CANCELLED', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await expect(client.listMerchants(partner, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    client.close();
    await expect(client.listMerchants(partner, neverAborted)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
