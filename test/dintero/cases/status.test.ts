import { describe, expect, test } from 'vitest';
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
    ['seconds', 30, 30_000],
    ['a date', new Date(Date.UTC(2026, 5, 1, 0, 2)).toUTCString(), 120_000],
  ])('delays the retry: %s', async (_what, retryAfter, wait) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 503, retryAfter } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await readListing(client, ACME)).error).toBeNull();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(wait);
  });

  test('delays the requests of every account, and token requests', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', account: ACME.id, fault: { kind: 'status', status: 429, retryAfter: 901 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await readListing(client, ACME)).error?.code).toBe('RATE_LIMITED');
    const sent = sandbox.requests.length;
    expect((await readListing(client, sandboxAccount('T12345678'))).error?.code).toBe('RATE_LIMITED');
    expect(sandbox.requests).toHaveLength(sent);
    await clock.sleep(60_000, neverAborted);
    expect((await readListing(client, sandboxAccount('T12345678'))).error).toBeNull();
    expect(clock.slept.slice(1)).toEqual([841_000]);
  });

  test('that is too long ends the fetch with an error that names the time', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 429, retryAfter: 3600 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: false });
    expect(error?.message).toContain('2026-06-01T01:00:00.000Z');
    expect(clock.slept).toEqual([]);
    expect(traffic.retries).toBe(0);
  });

  test('is ignored for a status without retries', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403, retryAfter: 3600 } });
    using client = clientOf(sandbox.url);
    expect((await readListing(client, ACME)).error?.code).toBe('FORBIDDEN');
    expect((await readListing(client, ACME)).error).toBeNull();
  });
});
