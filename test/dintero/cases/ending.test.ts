import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/http/clock.ts';
import { SyncError } from '../../../src/model/sync-error.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');

describe('an error thrown by a reader', () => {
  const failures: [string, unknown][] = [
    ['an error', new Error('the disk is full')],
    ['a retryable SyncError', new SyncError('DATABASE', 'The database left.', { retryable: true })],
    ['a SyncError that looks like a refused token', new SyncError('AUTH', 'Not this one.')],
    ['a value that is no error', 'a string'],
  ];

  test.each(failures)('ends the fetch, and is passed on unchanged: %s', async (_what, failure) => {
    for (const method of ['begin', 'takeElement']) {
      const closed = Promise.withResolvers<void>();
      await using server = await serve((_request, response) => {
        response.once('close', closed.resolve);
        response.write('[1,2,3');
      });
      using client = clientOf(server.url);
      const throwing = async () => {
        throw failure;
      };
      const { end, error, thrown, traffic } = await readListing(client, ACME, { reader: { [method]: throwing } });
      expect(end).toBeNull();
      expect(error ?? thrown).toBe(failure);
      expect(traffic).toMatchObject({ requests: 2, retries: 0 });
      await closed.promise;
    }
  });
});

describe('an abort', () => {
  const reason = new SyncError('ABANDONED', 'Another worker was faster.');

  test.each(['token', 'list'] as const)('while the %s is waited for ends it at once', async (endpoint) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint, fault: { kind: 'delay', seconds: 3600 } });
    const controller = new AbortController();
    using client = clientOf(sandbox.url);
    const reading = readListing(client, ACME, { signal: controller.signal });
    await expect.poll(() => sandbox.requests.length).toBe(endpoint === 'token' ? 1 : 2);
    controller.abort(reason);
    expect((await reading).error).toBe(reason);
  });

  test('in the middle of the list ends it at once', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => {
      response.once('close', closed.resolve);
      response.write('[1,2,3');
    });
    const controller = new AbortController();
    using client = clientOf(server.url);
    const takeElement = async () => controller.abort();
    const { error, answers } = await readListing(client, ACME, { signal: controller.signal, reader: { takeElement } });
    expect(error).toMatchObject({ code: 'CANCELLED', retryable: false });
    expect(answers).toHaveLength(1);
    await closed.promise;
  });

  test('during the delay before a retry ends the delay', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 503, retryAfter: 600 } });
    const controller = new AbortController();
    using client = clientOf(sandbox.url, { clock: { ...systemClock, random: () => 0 } });
    const reading = readListing(client, ACME, { signal: controller.signal });
    await expect.poll(() => sandbox.requests[1]?.status).toBe(503);
    controller.abort(reason);
    expect((await reading).error).toBe(reason);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('before the first request sends nothing', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    expect((await readListing(client, ACME, { signal: AbortSignal.abort() })).error?.code).toBe('CANCELLED');
    expect(sandbox.requests).toEqual([]);
  });

  test('of all requests happens when the client is closed', async () => {
    await using server = await serve((_request, response) => response.write('[1'));
    using client = clientOf(server.url);
    const reading = readListing(client, ACME, { reader: { begin: async () => client.close() } });
    expect((await reading).error?.code).toBe('CANCELLED');
    expect((await readListing(client, ACME)).error?.code).toBe('CANCELLED');
  });
});
