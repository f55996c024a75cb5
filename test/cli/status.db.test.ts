import pino from 'pino';
import { expect } from 'vitest';
import { runStatus } from '../../src/cli/status.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { endHold, holdRequests } from '../../src/store/accounts/rate-limit-holds.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { PLAIN } from '../support/text-table.ts';

test('status says who waits because of Retry-After, and until when', async ({ db: { url, database } }) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const client = { host: 'api.test', accountId: ACCOUNT };
  await holdRequests(database, client, { hostMs: 3_600_000, accountMs: 86_400_000 });
  const printed: string[] = [];
  const status = async (json: boolean) => {
    printed.length = 0;
    const output = {
      log: pino({ level: 'silent' }),
      print: (text: string) => void printed.push(text),
      style: PLAIN,
      json,
    };
    await runStatus({ databaseUrl: url, home: '', logLevel: 'silent' }, output);
    return printed.join('\n');
  };
  const text = await status(false);
  expect(text).toMatch(/^All accounts wait until \d{4}-\d\d-\d\dT\S+Z before the next request to api\.test: /m);
  expect(text).toMatch(new RegExp(`^${ACCOUNT} waits until \\d{4}-\\d\\d-\\d\\dT\\S+Z before`, 'm'));
  expect(JSON.parse(await status(true)).holds).toMatchObject([{ account_id: null }, { account_id: ACCOUNT }]);
  await endHold(database, client);
  expect(await status(false)).not.toContain('Retry-After');
});
