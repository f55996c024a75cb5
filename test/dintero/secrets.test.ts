import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { SyncError } from '../../src/model/sync-error.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { clientOf, readListing } from '../support/list-server.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

test('no error contains a secret', async () => {
  await using sandbox = await startSandbox({ casesPerAccount: 5 });
  const faults: Fault[] = [
    ...[400, 401, 403, 404, 429, 500].map((status): Fault => ({ kind: 'status', status })),
    { kind: 'hangUp' },
    { kind: 'html' },
    { kind: 'object' },
    { kind: 'empty' },
    { kind: 'cutOff', afterBytes: 20 },
    { kind: 'truncated', afterBytes: 20 },
    { kind: 'stall', afterBytes: 20 },
  ];
  const errors: SyncError[] = [];
  for (const endpoint of ['token', 'exchange', 'list'] as const) {
    for (const fault of faults) {
      using client = clientOf(sandbox.url, { timeoutSeconds: 0.05 });
      sandbox.faults.add({ endpoint, fault, times: Number.POSITIVE_INFINITY });
      const merchant = sandboxAccount('P11200001', { partner: 'P11200000', includeContracts: true });
      const { error } = await readListing(client, merchant);
      sandbox.faults.clear();
      if (error !== null) errors.push(error);
    }
  }
  expect(errors).toHaveLength(3 * faults.length);
  // A served list, so that contract links are among the secrets.
  using client = clientOf(sandbox.url);
  await readListing(client, sandboxAccount('P11200001', { partner: 'P11200000', includeContracts: true }));
  const secrets = sandbox.secrets();
  expect(secrets.length).toBeGreaterThan(20);
  for (const error of errors) {
    const text = inspect(error, { depth: 10, showHidden: true });
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  }
});
