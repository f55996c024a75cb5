import { temporaryName, withAdmin } from './admin.ts';
import { test as base } from './database.ts';

/** `test('…', async ({ db, role }) => …)`: a role of the test's own, because roles belong to the whole server. */
export const test = base.extend('role', async ({ db }, { onCleanup }) => {
  const role = temporaryName('test');
  await withAdmin(db.url, (admin) => admin.query(`create role ${role}`));
  onCleanup(async () => {
    await withAdmin(db.url, async (admin) => {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
      // A database that is kept must not keep the role: later runs could not drop it.
      if (rowCount === 1) await admin.query(`drop owned by ${role}; drop role ${role}`);
    });
  });
  return role;
});
