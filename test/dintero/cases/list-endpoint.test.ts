import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseItem } from '../../../src/dintero/cases/parse.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = 'P12345678';

describe('a list', () => {
  test('is read completely, and every element is a case', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 300 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await readListing(client, sandboxAccount(ACME));
    expect(end).toEqual({ notModified: false, etag: expect.stringMatching(/^W\//) });
    expect(answers).toHaveLength(1);
    const elements = answers.flat();
    expect(elements).toHaveLength(300);
    expect(elements.map((element) => parseItem(element).kind)).toEqual(elements.map(() => 'case'));
    const [first] = elements;
    expect(first?.fingerprint).toEqual(createHash('sha256').update(`test\n${first?.bytes}`).digest());
    // Only brackets and commas are outside of elements.
    const bytes = elements.reduce((sum, element) => sum + element.size, 0) + elements.length + 1;
    expect(traffic).toEqual({ requests: 2, retries: 0, bytesRead: bytes });
  });

  test('without items is complete, and its reader’s begin is called', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    expect(await readListing(client, sandboxAccount(ACME))).toMatchObject({
      end: { notModified: false },
      answers: [[]],
      error: null,
    });
  });

  test('with the current etag is not read', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const etag = (await readListing(client, sandboxAccount(ACME))).end?.etag ?? '';
    const second = await readListing(client, sandboxAccount(ACME), { etag });
    expect(second).toMatchObject({ end: { notModified: true, etag }, answers: [], error: null });
    expect(second.traffic).toEqual({ requests: 1, retries: 0, bytesRead: 0 });
    sandbox.world.advance({ hours: 24 * 30 });
    const third = await readListing(client, sandboxAccount(ACME), { etag });
    expect(third.end?.notModified).toBe(false);
    expect(third.end?.etag).not.toBe(etag);
  });

  test('without an etag has the etag null', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'noEtag' } });
    using client = clientOf(sandbox.url);
    expect((await readListing(client, sandboxAccount(ACME))).end).toEqual({ notModified: false, etag: null });
  });

  test('answered with 304 to a request without etag is an error', async () => {
    await using server = await serve((_request, response) => response.writeHead(304).end());
    using client = clientOf(server.url);
    expect((await readListing(client, sandboxAccount(ACME))).error).toMatchObject({ code: 'HTTP', retryable: false });
    expect((await readListing(client, sandboxAccount(ACME), { etag: '"1"' })).end).toEqual({
      notModified: true,
      etag: '"1"',
    });
  });

  test('is read in parts: nothing more is read while the reader works', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 2000 });
    using client = clientOf(sandbox.url);
    let isWorking = false;
    let overlaps = 0;
    let calls = 0;
    const takeElement = async () => {
      calls += 1;
      if (isWorking) overlaps += 1;
      isWorking = true;
      await new Promise((resolve) => setImmediate(resolve));
      isWorking = false;
    };
    const { end } = await readListing(client, sandboxAccount(ACME), { reader: { takeElement } });
    expect(end?.notModified).toBe(false);
    expect(calls).toBeGreaterThan(10);
    expect(overlaps).toBe(0);
  });

  test('has items above maxItemMegabytes without their bytes', async () => {
    const large = JSON.stringify({ large: 'x'.repeat(3000) });
    await using server = await serve((_request, response) => response.end(`[1,${large},2]`));
    using client = clientOf(server.url, { maxItemMegabytes: 0.001 });
    const { answers } = await readListing(client, sandboxAccount(ACME));
    expect(answers.flat().map(({ bytes, size }) => [bytes?.toString() ?? null, size])).toEqual([
      ['1', 1],
      [null, large.length],
      ['2', 1],
    ]);
  });
});
