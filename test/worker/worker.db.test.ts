import pino from 'pino';
import { expect } from 'vitest';
import type { Account } from '../../src/account.ts';
import { keepAccounts } from '../../src/store/accounts.ts';
import { startQueue } from '../../src/worker/queue.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { test } from '../support/database.ts';
import { createRig, sandboxAccount } from '../support/rig.ts';

const log = pino({ level: 'silent' });
const [FIRST, HELD, LATER, LAST] = ['P12345678', 'T12345678', 'P11200001', 'P11200002'];

test('a worker prepares for the run that begins when its places were free once more, unless it must not be tried', async ({
  db: { url, database },
}) => {
  const rig = await createRig(database);
  const accounts = [FIRST, HELD, LATER, LAST].map((id) => sandboxAccount(id));
  await keepAccounts(database, accounts);
  const queue = await startQueue({ databaseUrl: url, schemaExists: false, log });
  for (const { id } of accounts) await queue.ask({ accountId: id, trigger: 'schedule' });

  const ending = new AbortController();
  const happened: string[] = [];
  const looked = Promise.withResolvers<void>();
  const prepared = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const worker = await startWorker({
    timezone: 'UTC',
    concurrency: 1,
    accounts: () => [],
    accountFor: async (id) => accounts.find((account) => account.id === id),
    queue,
    parts: {
      ...rig.parts,
      source: {
        ...rig.parts.source,
        async readList(account: Account, options) {
          await (account.id === FIRST ? looked.promise : prepared.promise);
          if (account.id === LAST) done.resolve();
          return { notModified: true, etag: options.etag };
        },
      },
    },
    expect: async ({ id }) => {
      happened.push(`${id} is expected`);
      if (id === LAST) prepared.resolve();
    },
    mayTry: async (id) => {
      if (id === HELD) looked.resolve();
      return id !== HELD;
    },
    onRun: async (row) => void happened.push(`${row.account_id} has ended`),
    log,
    signal: ending.signal,
  });
  await done.promise;
  ending.abort();
  await worker.ended;
  await queue.stop();
  await rig.close();
  expect(happened).toEqual([`${FIRST} has ended`, `${LAST} is expected`, `${LATER} has ended`, `${LAST} has ended`]);
});
