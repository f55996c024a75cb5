import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { quoted } from '../../../src/store/postgres/identifier.ts';
import { temporaryName, urlOf, withAdmin } from '../../support/admin.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { findingsAs, grantsReader, problemsOf, tryCommands } from '../../support/rights/commands.ts';
import { createDroppedDatabase } from '../../support/rights/database.ts';
import { onDatabase } from '../../support/rights/roles.ts';

describe('the SQL of docs/operating.md', () => {
  /** The blocks of SQL in the section on rights, with the names of the test. */
  async function blocks(names: Record<string, string>): Promise<string[]> {
    const text = await readFile(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8');
    const [section = ''] = text.split('\n## Rights\n')[1]?.split('\n## ') ?? [];
    return [...section.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) =>
      Object.entries(names).reduce((changed, [name, other]) => changed.replaceAll(name, other), sql),
    );
  }

  test('makes one role and its database, in which everything works', async () => {
    const names = { cdd_sync: temporaryName('test'), 'database cdd ': `database ${temporaryName('test')} `, '…': 'p' };
    const [create = ''] = await blocks(names);
    const { url: server } = inject('postgres');
    const runAll = (sql: string) =>
      withAdmin(server, async (admin) => {
        for (const statement of sql.split(';\n')) await admin.query(statement);
      });
    onTestFinished(() => runAll(`drop ${names['database cdd ']} with (force);\ndrop role ${names.cdd_sync}`));
    await runAll(create);
    const url = urlAs(urlOf(server, names['database cdd '].split(' ')[1] ?? ''), names.cdd_sync);
    expect(problemsOf(await findingsAs(url))).toEqual([]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
  });

  test('lets a worker do everything but migrate, and the readers be granted', async () => {
    const [role, owner] = [await createLogin(), await createLogin()];
    const admin = await createDroppedDatabase();
    const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
    await asAdmin(onDatabase('grant create on database %I to %I', quoted(owner)));
    await migrate(urlAs(admin, owner));
    const [, grants = '', readers = ''] = await blocks({
      cdd_sync: role,
      cdd_owner: owner,
      'create role cdd_reader nologin;': '',
    });
    await asAdmin(grants);
    await asAdmin(readers);
    const url = urlAs(admin, role);
    const warned = (await findingsAs(url)).filter(({ state, check }) => state !== 'ok' && check.startsWith('rights'));
    expect(warned).toMatchObject([{ check: 'rights: migrate', state: 'warning' }]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
    expect(await grantsReader(url)).toBe(true);
    // Tables of a later version.
    await withAdmin(urlAs(admin, owner), (client) => client.query('create table cdd.later (id bigserial)'));
    await withAdmin(url, (client) => client.query('insert into cdd.later default values'));
  });
});
