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

async function printedBy(url: string, item: string | null, form: JsonForm = null): Promise<string[]> {
  const printed: string[] = [];
  const output = { log: pino({ level: 'silent' }), print: (line: string) => printed.push(line), style: PLAIN, form };
  await runRejected({ databaseUrl: url, home: '', logLevel: 'silent' }, item, output);
  return printed;
}

test('of very many items people see the newest hundred, and programs each once', async ({ db: { url, database } }) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const rejected = (form: JsonForm) => printedBy(url, null, form);
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

test('an item is told from another without an id, and printed as it stood in the list only when it is asked for', async ({
  db: { url, database },
}) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const bodies = ['{"name":"Kari"}', '{"name":"Ola"}', null];
  const CASE = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';
  for (const [index, body] of bodies.entries()) {
    await database.$executeRaw`
      insert into cdd.rejected_items (account_id, fingerprint, case_id, path, reason, body, first_seen_at, last_seen_at)
      values (${ACCOUNT}, decode(rpad(${`ab${index}`}, 64, '0'), 'hex'), ${index === 0 ? CASE : null}::uuid, 'id', 'is no uuid', ${body}, now(), now())`;
  }
  const text = (await printedBy(url, null)).join('\n');
  expect(text.match(/ab[12]00000 /g)).toHaveLength(2);
  expect(text).not.toMatch(/Kari|Ola/);
  expect(text).toContain('"cdd-sync rejected ab100000"');
  expect(text.replace(/\s+/g, ' ')).toContain(`no case of ${ACCOUNT} is marked missing`);
  expect((await printedBy(url, null, 'json')).join('')).not.toContain('Kari');

  expect((await printedBy(url, 'AB1')).at(-1)).toBe('{"name":"Ola"}');
  expect(JSON.parse((await printedBy(url, 'ab1', 'json')).join(''))).toMatchObject([{ body: '{"name":"Ola"}' }]);
  expect((await printedBy(url, CASE)).at(-1)).toBe('{"name":"Kari"}');
  expect((await printedBy(url, 'ab2')).join(' ')).toContain('is not stored');
  await expect(printedBy(url, 'ab')).rejects.toThrow(
    `Several items are ab; name one of them:\n  ab00000000000000  ${ACCOUNT}`,
  );
  await expect(printedBy(url, 'ff')).rejects.toThrow('cdd-sync rejected lists them');
});
