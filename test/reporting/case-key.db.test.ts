import { expect } from 'vitest';
import { withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { createRig } from '../support/rig.ts';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 5 } });
  rig.sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'wrongType' } });
  await rig.sync();
  await rig.close();
});

test('every view with a case has its key in one column', async ({ db }) => {
  await withAdmin(db.url, async (client) => {
    const { rows: views } = await client.query<{ name: string }>(`
      select attrelid::regclass::text as name
      from pg_attribute
      where attrelid in (select oid from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v')
        and attname = 'case_id'
      order by 1`);
    expect(views.length).toBeGreaterThan(7);
    for (const { name } of views) {
      const { rows } = await client.query(`
        select count(*)::integer as wrong from ${name} where case_key is distinct from account_id || '/' || case_id`);
      expect([name, rows]).toEqual([name, [{ wrong: 0 }]]);
    }
  });
});
