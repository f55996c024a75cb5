import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { account, asked, clientOf, listing, never } from '../support/list-server.ts';

const ACME = account('P12345678');
const bakery = account('P11200001', { partner: 'P11200000' });

describe('the token of an account', () => {
  test('is got before its list when that is expected', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await client.expect(ACME, never);
    await client.expect(ACME, never);
    expect(asked(sandbox)).toEqual(['P12345678/auth/token']);
    const first = await listing(client, ACME);
    expect(first).toMatchObject({ error: null, traffic: { requests: 2 } });
    expect((await listing(client, ACME)).traffic.requests).toBe(1);
    expect(asked(sandbox)).toEqual(['P12345678/auth/token', 'P12345678/cases', 'P12345678/cases']);
  });

  test('is asked for once by a list that begins while it is being got', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const expected = client.expect(ACME, never);
    expect((await listing(client, ACME)).error).toBeNull();
    await expected;
    expect(asked(sandbox)).toEqual(['P12345678/auth/token', 'P12345678/cases']);
  });

  test('is counted once, however many lists wait for it', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const expected = client.expect(ACME, never);
    const both = await Promise.all([listing(client, ACME), listing(client, ACME)]);
    await expected;
    expect(both.map(({ traffic }) => traffic.requests).sort()).toEqual([1, 2]);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('that is refused before its list is refused again to the list, which says so', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'token', fault: { kind: 'status', status: 401 }, times: 9 });
    using client = clientOf(sandbox.url);
    await client.expect(ACME, never);
    const { error, traffic } = await listing(client, ACME);
    expect(error).toMatchObject({ code: 'AUTH', retryable: false });
    expect(traffic.requests).toBe(2);
  });

  test('that is being got when its list begins leaves the list all its own tries', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'token', fault: { kind: 'status', status: 503 }, times: 9 });
    using client = clientOf(sandbox.url);
    const expected = client.expect(ACME, never);
    const { error, traffic } = await listing(client, ACME);
    await expected;
    expect(error).toBeNull();
    expect(traffic).toMatchObject({ requests: 11, retries: 8 });
  });

  test('that nobody waits for any more is not got, nor in the way of the next', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await client.expect(ACME, AbortSignal.abort());
    expect(sandbox.requests).toHaveLength(0);
    expect((await listing(client, ACME)).error).toBeNull();
  });

  test('of a merchant is got with that of its partner before its list', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    await client.expect(bakery, never);
    const before = asked(sandbox);
    expect(before).toHaveLength(3);
    expect((await listing(client, bakery)).traffic.requests).toBe(4);
    expect(asked(sandbox)).toEqual([...before, 'P11200001/cases']);
  });
});
