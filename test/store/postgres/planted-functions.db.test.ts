import { expect } from 'vitest';
import { failedReports } from '../../../src/store/reports/failures.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { applyReaderSettings, resetReaderSettings } from '../../../src/store/reports/reader-settings.ts';
import { oddZones } from '../../../src/store/reports/reader-zones.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { withAdmin } from '../../support/admin.ts';
import { test as base } from '../../support/database.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const test = base.extend('role', roleFixture);

test('no statement calls a function or an operator that another login planted in schema public', async ({
  db: { url, database },
  role,
}) => {
  // Postgres prefers an exact match in any schema to a polymorphic function of its own.
  await withAdmin(url, (admin) =>
    admin.query(`
      create table public.calls (name text);
      create function public.unnest(text[]) returns setof text language plpgsql as
        'begin insert into public.calls values (''unnest''); return query select pg_catalog.unnest($1); end';
      create function public.array_length(text[], integer) returns integer language plpgsql as
        'begin insert into public.calls values (''array_length''); return pg_catalog.array_length($1, $2); end'`),
  );
  const rig = await createRig(database);
  await rig.sync();
  rig.sandbox.world.advance({ hours: 300 });
  await rig.sync();
  await applyReportSettings(database, { timezone: 'Asia/Kathmandu', statusTargets: { ACTIVE: 1 } });
  await accountStatus(database);
  expect(await failedReports(database)).toEqual([]);
  await grantReader(database, { role, accountIds: [ACCOUNT] });
  await applyReaderSettings(database, role);
  await resetReaderSettings(database, role);
  await oddZones(database);
  expect(await withAdmin(url, async (admin) => (await admin.query('select name from public.calls')).rows)).toEqual([]);
  await rig.close();
});
