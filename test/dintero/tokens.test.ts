import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/model/account.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { clientOf, jumpingClock, neverAborted, readListing, requestPaths } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');
const always = { times: Number.POSITIVE_INFINITY };

describe('the token of an account', () => {
  test('is cached between its lists', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    for (let count = 0; count < 3; count += 1) expect((await readListing(client, ACME)).error).toBeNull();
    expect(requestPaths(sandbox)).toEqual([
      'P12345678/auth/token',
      'P12345678/cases',
      'P12345678/cases',
      'P12345678/cases',
    ]);
  });

  test('is renewed shortly before it expires', async () => {
    const clock = jumpingClock();
    await using sandbox = await startSandbox({ tokenSeconds: 3600, now: clock.now });
    using client = clientOf(sandbox.url, { clock });
    await readListing(client, ACME);
    await clock.sleep(3_539_000, neverAborted);
    await readListing(client, ACME);
    expect(sandbox.requests).toHaveLength(3);
    await clock.sleep(1_000, neverAborted);
    await readListing(client, ACME);
    expect(requestPaths(sandbox).slice(3)).toEqual(['P12345678/auth/token', 'P12345678/cases']);
  });

  test('with a short lifetime is used for nine tenths of it', async () => {
    const clock = jumpingClock();
    await using sandbox = await startSandbox({ tokenSeconds: 10, now: clock.now });
    using client = clientOf(sandbox.url, { clock });
    await readListing(client, ACME);
    await clock.sleep(8_900, neverAborted);
    await readListing(client, ACME);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('that expired unexpectedly is renewed once', async () => {
    let expired = 0;
    await using sandbox = await startSandbox({ now: () => expired });
    using client = clientOf(sandbox.url);
    await readListing(client, ACME);
    expired = 14_400_001;
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toBeNull();
    expect(traffic).toMatchObject({ requests: 3, retries: 0 });
    expect(requestPaths(sandbox).slice(2)).toEqual(['P12345678/cases', 'P12345678/auth/token', 'P12345678/cases']);
  });

  test('that is refused although it is new is an AUTH error', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 401 }, ...always });
    using client = clientOf(sandbox.url);
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'AUTH', retryable: false });
    expect(error?.message).toContain('A new token was refused too: check that the client belongs to P12345678.');
    expect(traffic).toMatchObject({ requests: 4, retries: 0 });
  });

  test('that was refused to two lists is renewed once for both', async () => {
    let expired = 0;
    await using sandbox = await startSandbox({ now: () => expired });
    using client = clientOf(sandbox.url);
    await readListing(client, ACME);
    expired = 14_400_001;
    const both = await Promise.all([readListing(client, ACME), readListing(client, ACME)]);
    expect(both.map(({ error }) => error)).toEqual([null, null]);
    expect(requestPaths(sandbox).filter((path) => path.endsWith('token'))).toHaveLength(2);
  });

  test('with a wrong secret is an AUTH error at once, without the secret', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const credentials: Credentials = { kind: 'client', clientId: 'me', clientSecret: 'hunter2' };
    const { error, traffic } = await readListing(client, sandboxAccount('P12345678', { credentials }));
    expect(error).toMatchObject({ code: 'AUTH', retryable: false });
    expect(error?.message).toBe(
      'P12345678: POST /accounts/P12345678/auth/token answered 401 ("Wrong client id or client secret"). ' +
        'Check clientId and clientSecret of P12345678.',
    );
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2');
    expect(traffic).toEqual({ requests: 1, retries: 0, bytesRead: 0 });
  });

  test('is not taken from the cache after the secret has changed', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    expect((await readListing(client, ACME)).error).toBeNull();
    const credentials = { ...ACME.credentials, clientSecret: 'an old one' };
    expect((await readListing(client, { ...ACME, credentials })).error?.code).toBe('AUTH');
    expect((await readListing(client, ACME)).error).toBeNull();
  });

  test('is requested five times at most, not five times five', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'token', fault: { kind: 'status', status: 500 }, ...always });
    using client = clientOf(sandbox.url);
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'HTTP', retryable: true });
    expect(traffic).toMatchObject({ requests: 5, retries: 4 });
  });

  test('is requested again after the time in Retry-After', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'token', fault: { kind: 'status', status: 429, retryAfter: 30 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await readListing(client, ACME)).error).toBeNull();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(30_000);
  });

  test.each([
    ['HTML', { kind: 'html' }, 'NOT_JSON', 'the answer is not JSON'],
    ['nothing', { kind: 'empty' }, 'NOT_JSON', 'the answer is not JSON'],
    ['no token', { kind: 'body', body: '{"token":"secret"}' }, 'HTTP', 'has no access_token that can be sent'],
    ['null', { kind: 'body', body: 'null' }, 'HTTP', 'has no access_token that can be sent'],
    ['an empty token', { kind: 'body', body: '{"access_token":""}' }, 'HTTP', 'has no access_token'],
    [
      'a token with a line break',
      { kind: 'body', body: '{"access_token":"secret\\r\\nX: y"}' },
      'HTTP',
      'has no access_token',
    ],
    ['half a token', { kind: 'body', body: '{"access_token":"secret' }, 'NOT_JSON', 'the answer is not JSON'],
  ] satisfies [string, Fault, string, string][])(
    'is not taken from a response that is %s',
    async (_what, fault, code, words) => {
      await using sandbox = await startSandbox();
      sandbox.faults.add({ endpoint: 'token', fault });
      using client = clientOf(sandbox.url);
      const { error } = await readListing(client, ACME);
      expect(error).toMatchObject({ code, retryable: false, message: expect.stringContaining(words) });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret"');
      expect((await readListing(client, ACME)).error).toBeNull();
    },
  );

  test('without a lifetime is used, but not cached', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await readListing(client, ACME);
    const token = sandbox.secrets().find((secret) => secret.startsWith('sbx_'));
    using other = clientOf(sandbox.url);
    const body = JSON.stringify({ access_token: token });
    sandbox.faults.add({ endpoint: 'token', fault: { kind: 'body', body } });
    expect((await readListing(other, ACME)).error).toBeNull();
    expect((await readListing(other, ACME)).traffic.requests).toBe(2);
  });
});
