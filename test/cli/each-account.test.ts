import { expect, test } from 'vitest';
import { eachInTurn } from '../../src/cli/each-account.ts';
import { account } from '../support/list-server.ts';

const accounts = ['P10000001', 'P10000002', 'P10000003', 'P10000004', 'P10000005'].map((id) => account(id));

/** Turns of two at a time that note what happens, and end when they are told to. */
function noted() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const turns = { concurrency: 2, expect: async ({ id }: { id: string }) => void log.push(`${id} is expected`) };
  const result = eachInTurn(accounts, turns, async ({ id }) => {
    log.push(`${id} begins`);
    await new Promise<void>((resolve) => ends.set(id, resolve));
    return id;
  });
  const settled = () => new Promise(setImmediate);
  return {
    log,
    result,
    settled,
    async end(id: string) {
      ends.get(id)?.();
      await settled();
    },
  };
}

test('an account is expected when the one before it by so many begins as have a turn at the same time', async () => {
  const { log, result, settled, end } = noted();
  await settled();
  expect(log.splice(0)).toEqual([
    'P10000003 is expected',
    'P10000001 begins',
    'P10000004 is expected',
    'P10000002 begins',
  ]);
  await end('P10000002');
  expect(log.splice(0)).toEqual(['P10000005 is expected', 'P10000003 begins']);
  await end('P10000001');
  expect(log.splice(0)).toEqual(['P10000004 begins']);
  for (const { id } of accounts) await end(id);
  expect(await result).toEqual(accounts.map(({ id }) => id));
});

test('nothing is done for no accounts', async () => {
  const fail = async () => expect.unreachable();
  expect(await eachInTurn([], { concurrency: 2, expect: fail }, fail)).toEqual([]);
});
