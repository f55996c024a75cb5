import pino from 'pino';
import { expect } from 'vitest';
import { runStatus, type StatusOptions } from '../../src/cli/status.ts';
import { widthOf } from '../../src/cli/terminal/wrap.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { pauseAccount } from '../../src/store/accounts/pauses.ts';
import { endHold, holdRequests } from '../../src/store/accounts/rate-limit-holds.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { neverAborted } from '../support/list-server.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { PLAIN } from '../support/text-table.ts';

async function status(url: string, options: StatusOptions = {}, width = 80): Promise<{ text: string; code: number }> {
  const printed: string[] = [];
  const code = await runStatus({ databaseUrl: url, home: '', logLevel: 'silent' }, options, {
    log: pino({ level: 'silent' }),
    print: (text: string) => printed.push(text),
    style: () => ({ ...PLAIN, width }),
    terminal: null,
    signal: neverAborted,
  });
  return { text: printed.join('\n'), code };
}

const id = (number: number) => `P${String(10_000_000 + number)}`;

/** Accounts that were read a minute ago and are due in a minute. */
async function addFreshAccounts(database: Database, count: number): Promise<void> {
  await saveAccounts(
    database,
    Array.from({ length: count }, (_, index) => ({ ...sandboxAccount(ACCOUNT), id: id(index) })),
  );
  await database.$executeRaw`
    update cdd.accounts
    set last_success_at = now() - interval '1 minute', next_due_at = now() + interval '90 seconds', stale_at = now() + interval '1 hour'`;
}

const makeLate = (database: Database, accountId: string) => database.$executeRaw`
  update cdd.accounts
  set next_due_at = now() - interval '42 minutes', stale_at = now() - interval '20 minutes'
  where id = ${accountId}`;

test('status says who waits because of Retry-After, and until when', async ({ db: { url, database } }) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const client = { host: 'api.test', accountId: ACCOUNT };
  await holdRequests(database, client, { hostMs: 3_600_000, accountMs: 86_400_000 });
  const { text } = await status(url, {}, 200);
  expect(text).toMatch(/^Waiting +All accounts wait until .*\(in 1 h\) before the next request to api\.test: /m);
  expect(text).toMatch(new RegExp(`^ +${ACCOUNT} waits until .*\\(in 24 h\\) before`, 'm'));
  expect(JSON.parse((await status(url, { json: true })).text)[0].holds).toMatchObject([
    { account_id: null },
    { account_id: ACCOUNT },
  ]);
  await endHold(database, client);
  expect((await status(url)).text).not.toContain('Retry-After');
});

test('the first line says whether anything needs a person, and the next ones what to do', async ({
  db: { url, database },
}) => {
  expect((await status(url)).text).toMatch(/^Nothing was synced yet\.\n.*"cdd-sync sync"/s);
  await addFreshAccounts(database, 2);
  expect((await status(url)).text).toMatch(/^All 2 accounts are fresh\. Nothing needs a person\.\n\naccount /);
  expect((await status(url, { failIfStale: true })).code).toBe(0);

  await makeLate(database, id(1));
  const late = await status(url, { failIfStale: true });
  expect(late.text).toMatch(/^1 of 2 accounts is late\. 1 thing needs a person\.\n\nAct: +P10000001 is late/);
  expect(late.text).toContain('No worker is running: start it with "cdd-sync start"');
  expect(late.text).toMatch(/^P10000001 +late by 42 min +1 min ago /m);
  expect(late.code).toBe(1);
  expect((await status(url)).code).toBe(0);

  await pauseAccount(database, { accountId: id(1), reason: 'moving', by: null });
  expect((await status(url)).text).toMatch(/\nLook: P10000001 is paused: moving\.\n.*"cdd-sync resume P10000001"/s);
  await pauseAccount(database, { accountId: id(0), reason: 'moving too', by: null });
  const paused = await status(url, { failIfStale: true });
  expect(paused.text).toMatch(/^All 2 accounts are paused\. 1 thing needs a person\./);
  expect(paused.text).toContain('"cdd-sync resume ID"');
  expect(paused.code).toBe(0);
});

test('an account whose last three runs failed needs a person while it is not late, and is due by its schedule', async ({
  db: { url, database },
}) => {
  await addFreshAccounts(database, 2);
  await saveAccounts(
    database,
    [id(0), id(1), OTHER].map((accountId) => ({ ...sandboxAccount(ACCOUNT), id: accountId })),
  );
  const fail = (code: string) => database.$executeRaw`
    insert into cdd.sync_runs (id, account_id, trigger, state, started_at, heartbeat_at, finished_at, complete, error_code, error_message)
    select gen_random_uuid(), ${id(1)}, 'schedule', 'failed', now(), now(), now(), false, ${code}, 'api.test is gone'`;
  for (const code of ['NETWORK', 'CANCELLED', 'NETWORK']) await fail(code);
  const { text } = await status(url);
  expect(text).toMatch(/^All 2 production accounts are fresh\. Nothing needs a person\.\n/);
  expect(text).toContain(`Failed    ${id(1)}: Dintero cannot be reached (NETWORK)`);
  await fail('NETWORK');
  await database.$executeRaw`
    update cdd.accounts
    set schedule = '0 0 1 1 *', schedule_timezone = 'UTC', next_due_at = now() - interval '1 minute'`;
  const failing = (await status(url)).text;
  expect(failing).toMatch(/^The runs of 1 of 2 production accounts fail\. 1 thing needs a person\.\n/);
  expect(failing.replace(/\s+/g, ' ')).toContain(`Act: ${id(1)} is failing: Dintero cannot be reached (NETWORK).`);
  expect(failing).toMatch(new RegExp(`^${id(1)} +failing +1 min ago.* in \\d+ (days?|months?) `, 'm'));
  const [, row] = JSON.parse((await status(url, { json: true })).text);
  expect(row).toMatchObject({ state: 'failing', need: 'act', failures: 3, failure_code: 'NETWORK' });
  expect(row.next_run_at).toMatch(/^\d{4}-01-01T00:00:00/);
});

test('a role whose grants hide accounts or workers from it is told that it does not see all', async ({
  db: { url, database },
}) => {
  await addFreshAccounts(database, 2);
  const role = await createLogin();
  const grant = async (accountIds: string[]) => {
    // A role that may use schema cdd is no reader for grant-reader.
    await database.$executeRawUnsafe(`revoke usage on schema cdd from "${role}"`);
    await grantReader(database, { role, accountIds });
    await database.$executeRawUnsafe(`grant usage on schema cdd to "${role}"`);
  };
  await grant([id(0)]);
  await database.$executeRawUnsafe(`grant select on all tables in schema cdd to "${role}"`);
  const seen = (await status(urlAs(url, role), {}, 400)).text;
  expect(seen).toMatch(new RegExp(`^Unseen +the grants of role ${role} leave accounts out, .*grant-reader`, 'm'));
  expect(seen).toMatch(/^Workers +none is running/m);
  await database.$executeRaw`create schema pgboss`;
  await database.$executeRaw`create table pgboss.instance ()`;
  await grant(['*']);
  const all = (await status(urlAs(url, role), {}, 400)).text;
  expect(all).not.toContain('Unseen');
  expect(all).toMatch(/^Workers +not to be seen/m);
  expect(JSON.parse((await status(urlAs(url, role), { json: true })).text)[0].workers).toBeNull();
});

test('a thousand accounts fit on a screen, the late ones first, and --all shows each', async ({
  db: { url, database },
}) => {
  await addFreshAccounts(database, 1_000);
  await makeLate(database, id(700));
  const { text } = await status(url);
  const lines = text.split('\n');
  expect(lines.length).toBeLessThan(45);
  expect(lines.find((line) => line.startsWith('P1'))).toMatch(/^P10000700 +late by 42 min/);
  expect(text).toContain('980 accounts more: 980 fresh. To see all: cdd-sync status --all');
  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  const all = (await status(url, { all: true })).text.split('\n');
  expect(all.filter((line) => /^P\d{8} /.test(line))).toHaveLength(1_000);
  const rows = JSON.parse((await status(url, { json: true })).text);
  expect(rows).toHaveLength(1_000);
  expect(rows[700]).toMatchObject({ account_id: id(700), state: 'late', need: 'act', is_stale: true, workers: [] });
});
