import { expect, inject, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { temporaryName, urlOf } from '../../support/admin.ts';
import { asAdmin, check, emptyDatabase, nameOf } from '../../support/check.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';

test('check prints the SQL that lets a role log in', async () => {
  const role = await createLogin();
  const url = urlAs(await emptyDatabase(), role);
  await asAdmin(inject('postgres').url, `alter role ${role} nologin`);
  expect((await check(url)).get('database')?.sql).toEqual([`alter role "${role}" login;`]);
});

test('check prints the SQL that creates a missing database', async () => {
  const role = await createLogin();
  const server = inject('postgres').url;
  const name = temporaryName('test');
  const url = urlAs(urlOf(server, name), role);
  const found = (await check(url)).get('database');
  expect(found).toMatchObject({ state: 'problem', message: expect.stringContaining('no such database') });
  // The second statement is for the new database.
  const [create = '', grant = ''] = found?.sql ?? [];
  await asAdmin(server, create);
  onTestFinished(async () => void (await asAdmin(server, `drop database ${name} with (force)`)));
  await asAdmin(server, grant);
  await migrate(url);
});

test('check finds a role that may only read, and its SQL lets it write', async () => {
  const role = await createLogin();
  const url = await emptyDatabase();
  await asAdmin(url, `alter database ${nameOf(url)} set default_transaction_read_only to on`);
  await asAdmin(url, `set transaction read write; grant create on database ${nameOf(url)} to ${role}`);
  const found = (await check(urlAs(url, role))).get('writable');
  expect(found).toMatchObject({ state: 'problem', message: expect.stringContaining('read-only') });
  await asAdmin(url, `set transaction read write; ${found?.sql.join('')}`);
  expect((await check(urlAs(url, role))).get('writable')?.state).toBe('ok');
  await migrate(urlAs(url, role));
});
