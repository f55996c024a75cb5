import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');
const always = { times: Number.POSITIVE_INFINITY };

const listRequestCount = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/cases')).length;

describe('a connection that breaks', () => {
  const broken: [string, Fault][] = [
    ['before the response', { kind: 'hangUp' }],
    ['in the middle of an item', { kind: 'cutOff', afterItems: 20 }],
    ['before the first item', { kind: 'cutOff', afterBytes: 0 }],
    ['before the closing bracket', { kind: 'cutOff', afterItems: 39 }],
  ];

  test.each(broken)('%s starts the list again', async (_where, fault) => {
    await using sandbox = await startSandbox({ casesPerAccount: 40 });
    sandbox.faults.add({ endpoint: 'list', fault, times: 2 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await readListing(client, ACME);
    expect(end?.notModified).toBe(false);
    expect(answers.at(-1)).toHaveLength(40);
    expect(answers).toHaveLength(fault.kind === 'hangUp' ? 1 : 3);
    expect(traffic).toMatchObject({ requests: 4, retries: 2 });
  });

  test('is followed by a request without etag, because part of a newer list was read', async () => {
    let lists = 0;
    await using api = await serve((request, response) => {
      lists += 1;
      if (lists === 1) {
        response.write('[{"a":1},{"b"');
        setImmediate(() => response.destroy());
      } else if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.end('[{"a":1}]');
    });
    using client = clientOf(api.url);
    const { end, answers } = await readListing(client, ACME, { etag: '"before"' });
    expect(end?.notModified).toBe(false);
    expect(answers.at(-1)).toHaveLength(1);
  });

  test('five times is a NETWORK error', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'cutOff', afterItems: 3 }, ...always });
    using client = clientOf(sandbox.url);
    expect((await readListing(client, ACME)).error).toMatchObject({ code: 'NETWORK', retryable: true });
    expect(listRequestCount(sandbox)).toBe(5);
  });

  test('while the reader prepares is noticed afterwards', async () => {
    let lists = 0;
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => {
      lists += 1;
      if (lists > 1) return response.end('[1,2]');
      response.once('close', closed.resolve);
      return response.write('[1', () => response.destroy());
    });
    using client = clientOf(server.url);
    const { error, answers } = await readListing(client, ACME, { reader: { begin: () => closed.promise } });
    expect(error).toBeNull();
    expect(answers.map((answer) => answer.length)).toEqual([0, 2]);
  });

  test('inside compressed data is retried, even if the response is complete as HTTP', async () => {
    let lists = 0;
    await using server = await serve((_request, response) => {
      lists += 1;
      const zipped = gzipSync(JSON.stringify(Array.from({ length: 1000 }, (_, index) => ({ index }))));
      response.setHeader('content-encoding', 'gzip');
      response.end(lists === 1 ? zipped.subarray(0, -200) : zipped);
    });
    using client = clientOf(server.url);
    const { error, answers, traffic } = await readListing(client, ACME);
    expect(error).toBeNull();
    expect(traffic.retries).toBe(1);
    expect(answers.at(-1)).toHaveLength(1000);
  });

  test('is not reported for a 503 in an unknown encoding, which is retried', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(server.requests.length < 3 ? 503 : 200, { 'content-encoding': 'br' }).end('[1]');
    });
    using client = clientOf(server.url);
    const { error, traffic } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'HTTP', retryable: false });
    expect(error?.message).toContain('the answer is compressed in a way that was not asked for');
    expect(traffic.retries).toBe(1);
  });

  test('between two requests, because the server closes it, is no error', async () => {
    await using server = await serve((request, response) => {
      response.setHeader('connection', 'keep-alive');
      response.end('[1]', () => request.socket.end());
    });
    using client = clientOf(server.url);
    for (let count = 0; count < 5; count += 1) expect((await readListing(client, ACME)).error).toBeNull();
  });

  test('because no server listens is a NETWORK error with its cause', async () => {
    const sandbox = await startSandbox();
    await sandbox.close();
    using client = clientOf(sandbox.url);
    const { error } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('(ECONNREFUSED)') });
  });
});
