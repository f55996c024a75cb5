import { describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = sandboxAccount('P12345678');

const listRequestCount = (sandbox: Sandbox) => sandbox.requests.filter(({ path }) => path.endsWith('/cases')).length;

describe('a response with status 200', () => {
  test.each([
    ['html', 'NOT_JSON', "it begins with '<', which looks like HTML"],
    ['object', 'NOT_JSON', "it begins with '{', which looks like a single object"],
    ['empty', 'TRUNCATED', 'ends early, before the array began'],
    ['brokenJson', null, ''],
  ] as const)('with a body of the kind %s fails at once', async (kind, code, words) => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    sandbox.faults.add({ endpoint: 'list', fault: { kind } });
    using client = clientOf(sandbox.url);
    const { error } = await readListing(client, ACME);
    // Syntax errors inside an element are found by the parser.
    expect(error?.code ?? null).toBe(code);
    expect(error?.message ?? '').toContain(words);
    expect(error?.retryable ?? false).toBe(false);
    expect(listRequestCount(sandbox)).toBe(1);
  });

  test.each([{ afterItems: 0 }, { afterItems: 2 }, { afterBytes: 1 }])(
    'that ends early, but is complete as HTTP, is TRUNCATED: %j',
    async (point) => {
      await using sandbox = await startSandbox();
      sandbox.faults.add({ endpoint: 'list', fault: { kind: 'truncated', ...point } });
      using client = clientOf(sandbox.url);
      const { error, traffic } = await readListing(client, ACME);
      expect(error).toMatchObject({ code: 'TRUNCATED', retryable: false });
      expect(error?.message).toMatch(/^P12345678: GET .*: the answer ends early, before its closing bracket\. /);
      expect(traffic.retries).toBe(0);
    },
  );

  test.each([{ afterBytes: 0 }, { afterItems: 3 }])('that stalls is retried: %j', async (point) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'stall', ...point }, times: 2 });
    using client = clientOf(sandbox.url, { timeoutSeconds: 0.5 });
    const { error, answers, traffic } = await readListing(client, ACME);
    expect(error).toBeNull();
    expect(answers.at(-1)).toHaveLength(40);
    // On a busy machine other responses may time out too.
    expect(traffic.retries).toBeGreaterThanOrEqual(2);
  });

  test('that never starts is a TIMEOUT', async () => {
    await using server = await serve(() => {});
    using client = clientOf(server.url, { timeoutSeconds: 0.5 });
    const { error } = await readListing(client, ACME);
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
    expect(server.requests.filter(({ url }) => url?.endsWith('/cases'))).toHaveLength(5);
  });
});
