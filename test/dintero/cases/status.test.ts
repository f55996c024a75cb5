import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../../src/sandbox/accounts.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, jumpingClock, neverAborted, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');
const always = { times: Number.POSITIVE_INFINITY };

describe('an error status', () => {
  test.each([
    [400, 'HTTP'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [410, 'HTTP'],
    [302, 'HTTP'],
  ])('%i fails at once with the code %s', async (status, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status } });
    using client = clientOf(sandbox.url);
    const { error, answers, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code, retryable: false });
    const request = 'P12345678: GET /accounts/P12345678/management/settings/cdd/cases';
    expect(error?.message).toContain(`${request} answered ${status} ("The sandbox was told to answer this"). `);
    expect(answers).toEqual([]);
    expect(traffic).toMatchObject({ requests: 2, retries: 0 });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('%i is retried', async (status) => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status }, times: 4 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await readListing(client, ACME);
    expect(end?.notModified).toBe(false);
    expect(answers.map((answer) => answer.length)).toEqual([3]);
    expect(traffic).toMatchObject({ requests: 6, retries: 4 });
  });

  test.each([
    [429, 'RATE_LIMITED'],
    [500, 'HTTP'],
  ])('%i five times has the code %s', async (status, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status }, ...always });
    using client = clientOf(sandbox.url);
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code, retryable: true });
    expect(traffic).toMatchObject({ requests: 6, retries: 4 });
  });

  test('302 does not send the token to another host', async () => {
    await using elsewhere = await serve((_request, response) => response.end('[]'));
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/list` }).end();
    });
    using client = clientOf(server.url);
    expect((await readListing(client, ACME)).error?.message).toContain('Redirects are not followed');
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', '30', 30_000],
    ['a date, by the clock of the API', 'Thu, 01 Jan 2037 00:02:00 GMT', 120_000],
  ])('delays the retry: %s', async (_what, retryAfter, wait) => {
    await using server = await serve((_request, response) => {
      const headers = { 'retry-after': retryAfter, date: 'Thu, 01 Jan 2037 00:00:00 GMT' };
      if (server.requests.length === 2) response.writeHead(503, headers).end();
      else response.end('[]');
    });
    const clock = jumpingClock();
    using client = clientOf(server.url, { clock });
    expect((await readListing(client, ACME)).error).toBeNull();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(wait);
  });

  test('of a day ends the fetch of its account with the time, and delays others and their tokens for an hour', async () => {
    await using sandbox = await startSandbox();
    const fault = { kind: 'status', status: 429, retryAfter: 86_400 } as const;
    sandbox.faults.add({ endpoint: 'list', account: ACME.id, fault });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: false });
    expect(error?.message).toContain('2026-06-02T00:00:00.000Z');
    expect(clock.slept).toEqual([]);
    expect(traffic.retries).toBe(0);
    expect((await readListing(client, sandboxAccount('T12345678'))).error).toBeNull();
    expect(clock.slept).toEqual([3_600_000]);
    const sent = sandbox.requests.length;
    expect((await readListing(client, ACME)).error?.code).toBe('RATE_LIMITED');
    expect(sandbox.requests).toHaveLength(sent);
  });

  test('of an hour delays the run itself', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 503, retryAfter: 3600 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await readListing(client, ACME)).error).toBeNull();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(3_600_000);
  });

  test('of an hour after each try ends the fetch when it has waited for an hour', async () => {
    await using sandbox = await startSandbox();
    const fault = { kind: 'status', status: 429, retryAfter: 3600 } as const;
    sandbox.faults.add({ endpoint: 'list', fault, times: 5 });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await readListing(client, ACME)).error?.code).toBe('RATE_LIMITED');
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(3_600_000);
  });

  test('of the list of merchants and of tokens holds other accounts too', async () => {
    for (const endpoint of ['discovery', 'token', 'exchange'] as const) {
      await using sandbox = await startSandbox();
      sandbox.faults.add({ endpoint, fault: { kind: 'status', status: 429, retryAfter: 60 } });
      const clock = jumpingClock();
      using client = clientOf(sandbox.url, { clock });
      const partner = { id: 'P11200000', ...sandboxCredentials('P11200000') };
      await client.listMerchants(partner, neverAborted);
      await readListing(client, sandboxAccount('P11200001', { partner: 'P11200000' }));
      expect(
        clock.slept.reduce((sum, ms) => sum + ms, 0),
        endpoint,
      ).toBe(60_000);
    }
  });

  test('is ignored for a status without retries', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403, retryAfter: 3600 } });
    using client = clientOf(sandbox.url);
    expect((await readListing(client, ACME)).error?.code).toBe('FORBIDDEN');
    expect((await readListing(client, ACME)).error).toBeNull();
  });
});
