import pino from 'pino';
import { expect } from 'vitest';
import { runRejected } from '../../src/cli/rejected.ts';
import type { JsonForm } from '../../src/cli/terminal/json.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { PLAIN } from '../support/text-table.ts';

/** More than two pages of the query. */
const ITEMS = 20_500;

test('of very many items people see the newest hundred, and programs each once', async ({ db: { url, database } }) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const rejected = async (form: JsonForm) => {
    const printed: string[] = [];
    const output = { log: pino({ level: 'silent' }), print: (line: string) => printed.push(line), style: PLAIN, form };
    await runRejected({ databaseUrl: url, home: '', logLevel: 'silent' }, output);
    return printed;
  };
  expect(await rejected(null)).toEqual(['no rejected items: every item of the lists can be read']);
  expect(await rejected('json')).toEqual(['[]']);
  // Most have the same time, so that pages end among items that only their fingerprints tell apart.
  await database.$executeRaw`
    insert into cdd.rejected_items (account_id, fingerprint, case_id, path, reason, first_seen_at, last_seen_at)
    select ${ACCOUNT}, sha256(number::text::bytea), gen_random_uuid(), 'id', 'is no uuid',
      now() - interval '1 day', now() - (number / 9000) * interval '1 microsecond'
    from generate_series(1, ${ITEMS}::integer) as number`;
  const lines = (await rejected(null)).join('\n').split('\n');
  expect(lines.filter((line) => line.startsWith(ACCOUNT))).toHaveLength(100);
  expect(lines).toContain('The newest 100 of 20,500; all of them: "cdd-sync rejected --jsonl".');
  const rows = (await rejected('jsonl')).map((line) => JSON.parse(line));
  expect(new Set(rows.map(({ case_id }) => case_id)).size).toBe(ITEMS);
  expect(rows).toHaveLength(ITEMS);
});
