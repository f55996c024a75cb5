import { afterAll, describe, expect, inject, test } from 'vitest';
import { quoted } from '../../../src/store/postgres/identifier.ts';
import { withAdmin } from '../../support/admin.ts';
import { createEmptyDatabase } from '../../support/database.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { findingsAs, grantsReader, problemsOf, startQueue, tryCommands } from '../../support/rights/commands.ts';
import { createDroppedDatabase } from '../../support/rights/database.ts';
import { ROLES } from '../../support/rights/roles.ts';

/** A database that the tests' superuser has migrated and in which it started the queue; made once. */
let migrated: ReturnType<typeof createEmptyDatabase> | null = null;
afterAll(() => migrated?.then(({ drop }) => drop()));

async function createMigrated(): ReturnType<typeof createEmptyDatabase> {
  const { url, template } = inject('postgres');
  const created = await createEmptyDatabase(url, `template ${template} strategy file_copy`);
  await startQueue(created.url);
  return created;
}

async function createDatabase(kind: 'empty' | 'migrated'): Promise<string> {
  let options = '';
  if (kind === 'migrated') {
    migrated ??= createMigrated();
    options = `template ${new URL((await migrated).url).pathname.slice(1)} strategy file_copy`;
  }
  return createDroppedDatabase(options);
}

describe('check, as a role', () => {
  test.for(ROLES)(
    '$name, tells which commands fail, and its SQL mends them',
    async ({ database, setUp, ...options }) => {
      const role = await createLogin(options.attributes, options.suffix);
      const admin = await createDatabase(database);
      const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
      if (setUp !== undefined) await asAdmin(setUp(quoted(role)));
      const url = urlAs(admin, role);

      const before = await findingsAs(url);
      expect(problemsOf(before)).toEqual(options.problems);
      const tried = await tryCommands(url);
      for (const [command, works] of Object.entries(tried)) {
        // Before the tables exist, only `migrate` can say something of `sync`.
        const blocked =
          options.problems.includes(command) ||
          (database === 'empty' && command === 'rights: sync, status' && !tried['rights: migrate']);
        // With everything migrated, `migrate` has nothing to do and needs to read only.
        const isReadOnly = command === 'rights: migrate' && options.problems.includes('schema');
        expect({ command, works }).toEqual({ command, works: !blocked && !isReadOnly });
      }

      if (options.problems.length === 0) {
        const granting = before.find(({ check }) => check === 'rights: grant-reader');
        expect(granting?.state).toBe(options.mayGrantReader ? 'ok' : 'warning');
        expect(await grantsReader(url)).toBe(options.mayGrantReader ?? false);
      }

      for (const sql of before.flatMap((one) => one.sql)) await asAdmin(sql);
      const after = await findingsAs(url);
      expect(problemsOf(after)).toEqual([]);
      expect(after.find(({ check }) => check === 'rights: grant-reader')?.state).toBe('ok');
      expect(await tryCommands(url)).toEqual({
        'rights: migrate': true,
        'rights: sync, status': true,
        'rights: start': true,
      });
      expect(problemsOf(await findingsAs(url))).toEqual([]);
      expect(await grantsReader(url)).toBe(true);
    },
  );
});
