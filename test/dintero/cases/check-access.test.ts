import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, neverAborted, serve } from '../../support/list-server.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = 'P12345678';

describe('a check of access', () => {
  test('passes when the list starts, and does not read it', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => {
      response.once('close', closed.resolve);
      response.write('[{"id":"never ending');
    });
    using client = clientOf(server.url);
    await expect(client.checkAccess(sandboxAccount(ACME), neverAborted)).resolves.toEqual({
      clockAheadMs: expect.closeTo(0, -4),
    });
    await closed.promise;
  });

  test.each([
    [{}, 3_600_000],
    // From a cache: the date is that of the first answer.
    [{ age: '30' }, null],
  ])("compares the API's clock with this machine's: %o", async (headers, ahead) => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { ...headers, date: new Date(Date.now() + 3_600_000).toUTCString() }).end('[]');
    });
    using client = clientOf(server.url);
    const { clockAheadMs } = await client.checkAccess(sandboxAccount(ACME), neverAborted);
    expect(clockAheadMs).toEqual(ahead === null ? null : expect.closeTo(ahead, -4));
  });

  test('passes for a list without items', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    await expect(
      client.checkAccess(sandboxAccount('P11200001', { partner: 'P11200000' }), neverAborted),
    ).resolves.toBeTruthy();
  });

  test.each([
    ['html', 'NOT_JSON'],
    ['object', 'NOT_JSON'],
    ['empty', 'TRUNCATED'],
  ] as const)('fails when the list is %s', async (kind, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind } });
    using client = clientOf(sandbox.url);
    await expect(client.checkAccess(sandboxAccount(ACME), neverAborted)).rejects.toMatchObject({ code });
  });

  test('fails without read access', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403 } });
    using client = clientOf(sandbox.url);
    await expect(client.checkAccess(sandboxAccount(ACME), neverAborted)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
