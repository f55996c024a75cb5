import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SyncError } from '../../src/case.ts';
import { systemClock } from '../../src/dintero/clock.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { account, clientOf, jumpingClock, listing, never, serve } from './listing.ts';

const ACME = account('P12345678');
const always = { times: Number.POSITIVE_INFINITY };

const listsAskedFor = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/cases')).length;

describe('an answer with a status', () => {
  test.each([
    [400, 'HTTP'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [410, 'HTTP'],
    [302, 'HTTP'],
  ])('%i fails at once as %s', async (status, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status } });
    using client = clientOf(sandbox.url);
    const { error, answers, traffic } = await listing(client, ACME);
    expect(error).toMatchObject({ code, retryable: false });
    expect(error?.message).toContain(
      `P12345678: GET /accounts/P12345678/management/settings/cdd/cases answered ${status} ("The … was told to answer this")`.replace(
        'The … was',
        'The sandbox was',
      ),
    );
    expect(answers).toEqual([]);
    expect(traffic).toMatchObject({ requests: 2, retries: 0 });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('%i is tried again, and well when it passes', async (status) => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status }, times: 4 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await listing(client, ACME);
    expect(end?.notModified).toBe(false);
    expect(answers.map((answer) => answer.length)).toEqual([3]);
    expect(traffic).toMatchObject({ requests: 6, retries: 4 });
  });

  test.each([
    [429, 'RATE_LIMITED'],
    [500, 'HTTP'],
  ])('%i five times is %s', async (status, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status }, ...always });
    using client = clientOf(sandbox.url);
    const { error, traffic } = await listing(client, ACME);
    expect(error).toMatchObject({ code, retryable: true });
    expect(traffic).toMatchObject({ requests: 6, retries: 4 });
  });

  test('302 does not take the token to another host', async () => {
    await using elsewhere = await serve((_request, response) => response.end('[]'));
    await using server = await serve((_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/list` }).end();
    });
    using client = clientOf(server.url);
    expect((await listing(client, ACME)).error?.message).toContain('Redirects are not followed');
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', 30, 30_000],
    ['a date', new Date(Date.UTC(2026, 5, 1, 0, 2)).toUTCString(), 120_000],
  ])('is obeyed: %s', async (_what, retryAfter, wait) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 503, retryAfter } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await listing(client, ACME)).error).toBeNull();
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(wait);
  });

  test('holds back every account, and token requests too', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', account: ACME.id, fault: { kind: 'status', status: 429, retryAfter: 901 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    expect((await listing(client, ACME)).error?.code).toBe('RATE_LIMITED');
    const sent = sandbox.requests.length;
    expect((await listing(client, account('T12345678'))).error?.code).toBe('RATE_LIMITED');
    expect(sandbox.requests).toHaveLength(sent);
    await clock.sleep(60_000, never);
    expect((await listing(client, account('T12345678'))).error).toBeNull();
    expect(clock.slept.slice(1)).toEqual([841_000]);
  });

  test('that is too long is not waited for, and the error says when to come back', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 429, retryAfter: 3600 } });
    const clock = jumpingClock();
    using client = clientOf(sandbox.url, { clock });
    const { error, traffic } = await listing(client, ACME);
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: false });
    expect(error?.message).toContain('2026-06-01T01:00:00.000Z');
    expect(clock.slept).toEqual([]);
    expect(traffic.retries).toBe(0);
  });

  test('means nothing where nothing is tried again', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403, retryAfter: 3600 } });
    using client = clientOf(sandbox.url);
    expect((await listing(client, ACME)).error?.code).toBe('FORBIDDEN');
    expect((await listing(client, ACME)).error).toBeNull();
  });
});

describe('a connection that breaks', () => {
  const broken: [string, Fault][] = [
    ['before the answer', { kind: 'hangUp' }],
    ['in the middle of an item', { kind: 'cutOff', afterItems: 20 }],
    ['before the first item', { kind: 'cutOff', afterBytes: 0 }],
    ['before the closing bracket', { kind: 'cutOff', afterItems: 39 }],
  ];

  test.each(broken)('%s is begun again from the top', async (_where, fault) => {
    await using sandbox = await startSandbox({ casesPerAccount: 40 });
    sandbox.faults.add({ endpoint: 'list', fault, times: 2 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await listing(client, ACME);
    expect(end?.notModified).toBe(false);
    expect(answers.at(-1)).toHaveLength(40);
    expect(answers).toHaveLength(fault.kind === 'hangUp' ? 1 : 3);
    expect(traffic).toMatchObject({ requests: 4, retries: 2 });
  });

  test('five times is a NETWORK error, never a list', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'cutOff', afterItems: 3 }, ...always });
    using client = clientOf(sandbox.url);
    expect((await listing(client, ACME)).error).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(listsAskedFor(sandbox)).toBe(5);
  });

  test('while the reader prepares itself is met when it is ready', async () => {
    let lists = 0;
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => {
      lists += 1;
      if (lists > 1) return response.end('[1,2]');
      response.once('close', closed.resolve);
      return response.write('[1', () => response.destroy());
    });
    using client = clientOf(server.url);
    const { error, answers } = await listing(client, ACME, { reader: { begin: () => closed.promise } });
    expect(error).toBeNull();
    expect(answers.map((answer) => answer.length)).toEqual([0, 2]);
  });

  test('inside compressed data is a NETWORK error, also when HTTP takes the answer for complete', async () => {
    let lists = 0;
    await using server = await serve((_request, response) => {
      lists += 1;
      const zipped = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => ({ index }))));
      response.setHeader('content-encoding', 'gzip');
      response.end(lists === 1 ? zipped.subarray(0, -200) : zipped);
    });
    using client = clientOf(server.url);
    const { error, answers, traffic } = await listing(client, ACME);
    expect(error).toBeNull();
    expect(traffic.retries).toBe(1);
    expect(answers.at(-1)).toHaveLength(1000);
  });

  test('between two requests, because the server does not keep it, does no harm', async () => {
    await using server = await serve((request, response) => {
      response.setHeader('connection', 'keep-alive');
      response.end('[1]', () => request.socket.end());
    });
    using client = clientOf(server.url);
    for (let count = 0; count < 5; count += 1) expect((await listing(client, ACME)).error).toBeNull();
  });

  test('because nobody listens is a NETWORK error that says what to check', async () => {
    const { url } = await startSandbox().then(async (sandbox) => {
      await sandbox.close();
      return sandbox;
    });
    using client = clientOf(url);
    const { error } = await listing(client, ACME);
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('(ECONNREFUSED)') });
  });
});

describe('an answer with status 200', () => {
  test.each([
    ['html', 'NOT_JSON', "it begins with '<', which looks like HTML"],
    ['object', 'NOT_JSON', "it begins with '{', which looks like a single object"],
    ['empty', 'TRUNCATED', 'ends early, before the array began'],
    ['brokenJson', null, ''],
  ] as const)('and %s in it fails at once', async (kind, code, words) => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    sandbox.faults.add({ endpoint: 'list', fault: { kind } });
    using client = clientOf(sandbox.url);
    const { error } = await listing(client, ACME);
    // Nonsense inside an element is the parser's to find.
    expect(error?.code ?? null).toBe(code);
    expect(error?.message ?? '').toContain(words);
    expect(error?.retryable ?? false).toBe(false);
    expect(listsAskedFor(sandbox)).toBe(1);
  });

  test.each([{ afterItems: 0 }, { afterItems: 2 }, { afterBytes: 1 }])(
    'that is a complete half is TRUNCATED: %j',
    async (point) => {
      await using sandbox = await startSandbox();
      sandbox.faults.add({ endpoint: 'list', fault: { kind: 'truncated', ...point } });
      using client = clientOf(sandbox.url);
      const { error, traffic } = await listing(client, ACME);
      expect(error).toMatchObject({ code: 'TRUNCATED', retryable: false });
      expect(error?.message).toMatch(/^P12345678: GET .*: the answer ends early, before its closing bracket\. /);
      expect(traffic.retries).toBe(0);
    },
  );

  test.each([{ afterBytes: 0 }, { afterItems: 3 }])('that stalls is a TIMEOUT, tried again: %j', async (point) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'stall', ...point }, times: 2 });
    using client = clientOf(sandbox.url, { timeoutSeconds: 0.05 });
    const { error, answers, traffic } = await listing(client, ACME);
    expect(error).toBeNull();
    expect(answers.at(-1)).toHaveLength(40);
    expect(traffic.retries).toBe(2);
  });

  test('that does not even begin is a TIMEOUT', async () => {
    await using server = await serve(() => {});
    using client = clientOf(server.url, { timeoutSeconds: 0.02 });
    const { error } = await listing(client, ACME);
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
    expect(server.requests).toHaveLength(6);
  });
});

describe('what a reader throws', () => {
  const failures: [string, unknown][] = [
    ['an error', new Error('the disk is full')],
    ['a SyncError that could be tried again', new SyncError('DATABASE', 'The database left.', { retryable: true })],
    ['a SyncError that looks like a refused token', new SyncError('AUTH', 'Not this one.')],
    ['something that is no error', 'a string'],
  ];

  test.each(failures)('ends the fetch unchanged: %s', async (_what, failure) => {
    for (const method of ['begin', 'elements']) {
      const closed = Promise.withResolvers<void>();
      await using server = await serve((_request, response) => {
        response.once('close', closed.resolve);
        response.write('[1,2,3');
      });
      using client = clientOf(server.url);
      const throwing = async () => {
        throw failure;
      };
      const { end, error, thrown, traffic } = await listing(client, ACME, { reader: { [method]: throwing } });
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
    const reading = listing(client, ACME, { signal: controller.signal });
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBe(endpoint === 'token' ? 1 : 2);
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
    const elements = async () => controller.abort();
    const { error, answers } = await listing(client, ACME, { signal: controller.signal, reader: { elements } });
    expect(error).toMatchObject({ code: 'CANCELLED', retryable: false });
    expect(answers).toHaveLength(1);
    await closed.promise;
  });

  test('while the next try is waited for ends the waiting', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 503, retryAfter: 600 } });
    const controller = new AbortController();
    using client = clientOf(sandbox.url, { clock: { ...systemClock, random: () => 0 } });
    const reading = listing(client, ACME, { signal: controller.signal });
    await expect.poll(() => sandbox.requests[1]?.status, { interval: 5 }).toBe(503);
    controller.abort(reason);
    expect((await reading).error).toBe(reason);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('before anything sends nothing', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    expect((await listing(client, ACME, { signal: AbortSignal.abort() })).error?.code).toBe('CANCELLED');
    await expect.poll(() => sandbox.requests.length).toBe(0);
  });

  test('of everything is what closing the client is', async () => {
    await using server = await serve((_request, response) => response.write('[1'));
    using client = clientOf(server.url);
    const reading = listing(client, ACME, { reader: { begin: async () => client.close() } });
    expect((await reading).error?.code).toBe('CANCELLED');
    expect((await listing(client, ACME)).error?.code).toBe('CANCELLED');
  });
});

test('no error tells a secret', async () => {
  await using sandbox = await startSandbox({ casesPerAccount: 5 });
  const faults: Fault[] = [
    ...[400, 401, 403, 404, 429, 500].map((status): Fault => ({ kind: 'status', status })),
    { kind: 'hangUp' },
    { kind: 'html' },
    { kind: 'object' },
    { kind: 'empty' },
    { kind: 'cutOff', afterItems: 2 },
    { kind: 'truncated', afterItems: 2 },
    { kind: 'stall', afterItems: 2 },
  ];
  const errors: SyncError[] = [];
  for (const endpoint of ['token', 'exchange', 'list'] as const) {
    for (const fault of faults) {
      using client = clientOf(sandbox.url, { timeoutSeconds: 0.05 });
      sandbox.faults.add({ endpoint, fault, ...always });
      const merchant = account('P11200001', { partner: 'P11200000', includeContracts: true });
      const { error } = await listing(client, merchant);
      sandbox.faults.clear();
      if (error !== null) errors.push(error);
    }
  }
  expect(errors).toHaveLength(3 * faults.length);
  // So that the links of contracts are among the secrets.
  using client = clientOf(sandbox.url);
  await listing(client, account('P11200001', { partner: 'P11200000', includeContracts: true }));
  const secrets = sandbox.secrets();
  expect(secrets.length).toBeGreaterThan(20);
  for (const error of errors) {
    const told = inspect(error, { depth: 10, showHidden: true });
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  }
});
