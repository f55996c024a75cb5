import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/model/account.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { clientOf, readListing, requestPaths } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const PARTNER = 'P11200000';
const bakery = sandboxAccount('P11200001', { partner: PARTNER });
const garage = sandboxAccount('P11200002', { partner: PARTNER });

describe('the token of a merchant', () => {
  test.each(['partner', 'merchant'] as const)(
    'takes three requests, with the %s’s account as audience',
    async (audience) => {
      await using sandbox = await startSandbox({ partnerAudience: audience });
      using client = clientOf(sandbox.url);
      const credentials: Credentials = { ...bakery.credentials, kind: 'partner', partnerId: PARTNER, audience };
      const { error, traffic } = await readListing(client, { ...bakery, credentials });
      expect(error).toBeNull();
      expect(traffic.requests).toBe(4);
      expect(requestPaths(sandbox)).toEqual([
        'P11200000/auth/token',
        'P11200000/auth/exchange_token',
        'P11200001/auth/token',
        'P11200001/cases',
      ]);
    },
  );

  test('with the wrong audience is refused, with the message of the API', async () => {
    await using sandbox = await startSandbox({ partnerAudience: 'merchant' });
    using client = clientOf(sandbox.url);
    const { error } = await readListing(client, bakery);
    expect(error).toMatchObject({ code: 'HTTP', message: expect.stringMatching(/answered 400 \("The audience names/) });
  });

  test('needs one request for the partner’s own token, for any number of merchants', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 1 });
    using client = clientOf(sandbox.url);
    const merchants = [bakery, garage, bakery, garage, bakery];
    const results = await Promise.all(merchants.map((merchant) => readListing(client, merchant)));
    expect(results.map(({ error }) => error)).toEqual(merchants.map(() => null));
    const count = (path: string) => requestPaths(sandbox).filter((each) => each === path).length;
    expect(count('P11200000/auth/token')).toBe(1);
    expect(count('P11200000/auth/exchange_token')).toBe(2);
    expect(count('P11200001/cases')).toBe(3);
    expect(results.reduce((sum, { traffic }) => sum + traffic.requests, 0)).toBe(sandbox.requests.length);
  });

  test('is requested with a new token of the partner when the old one is refused', async () => {
    let expired = 0;
    await using sandbox = await startSandbox({ now: () => expired });
    using client = clientOf(sandbox.url);
    await readListing(client, bakery);
    expired = 14_400_001;
    expect((await readListing(client, garage)).error).toBeNull();
    expect(requestPaths(sandbox).slice(4)).toEqual([
      'P11200000/auth/exchange_token',
      'P11200000/auth/token',
      'P11200000/auth/exchange_token',
      'P11200002/auth/token',
      'P11200002/cases',
    ]);
  });

  test('is FORBIDDEN for an account that is no merchant of the partner', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const { error } = await readListing(client, sandboxAccount('P12345678', { partner: PARTNER }));
    expect(error).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/^P12345678: POST /) });
  });

  test('is still requested for others when the first caller is aborted', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'token', account: PARTNER, fault: { kind: 'stall', afterBytes: 0 } });
    using client = clientOf(sandbox.url);
    const controller = new AbortController();
    const impatient = readListing(client, bakery, { signal: controller.signal });
    const patient = readListing(client, garage);
    await expect.poll(() => sandbox.requests.length).toBe(1);
    controller.abort();
    expect((await impatient).error?.code).toBe('CANCELLED');
    sandbox.faults.clear();
    expect((await patient).error).toBeNull();
    expect(requestPaths(sandbox).filter((path) => path === 'P11200000/auth/token')).toHaveLength(1);
  });

  test('with wrong credentials of the partner is an error that names the partner', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const credentials = { ...bakery.credentials, clientSecret: 'hunter2' };
    const { error } = await readListing(client, { ...bakery, credentials });
    expect(error?.message).toContain('Check clientId and clientSecret of P11200000.');
  });
});
