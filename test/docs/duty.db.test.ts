import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { newestLinks } from '../../src/ledger/verify/newest.ts';
import { holdCase, releaseCase } from '../../src/store/ledger/hold/holds.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { test, withDatabase } from '../support/database.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** The block of SQL in docs/operating.md that makes an auditor of a role. */
async function auditorSql(role: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const [, sql = ''] = /```sql\n(create role auditor .*?)```/s.exec(text) ?? [];
  const [, ...grants] = sql.replaceAll('auditor', role).replaceAll('for role cdd_owner ', '').split(';\n');
  return grants.filter((statement) => statement.trim() !== '');
}

async function rowsOf(work: Promise<unknown[]>): Promise<boolean> {
  return (await work.catch(() => [])).length > 0;
}

test('roles may do on duty what docs/operating.md says', async ({ db: { url, database } }) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 2 } });
  await rig.sync();
  await rig.close();
  const [found] = await database.case.findMany({ take: 1 });
  const key = { accountId: ACCOUNT, caseId: found?.id ?? '', by: null };
  const abilities = (role: string) =>
    withDatabase(urlAs(url, role), async (as: Database) => ({
      sees: await rowsOf(as.$queryRaw`select from reporting.cases where organization_number is not null`),
      verifies: await rowsOf(newestLinks(as, [])),
      holds: await holdCase(as, { ...key, reason: 'request' }).then(
        async ({ kind }) => kind === 'held' && (await releaseCase(as, { ...key, reason: 'over' })) !== null,
        () => false,
      ),
    }));
  const [none, reader, nameless, auditor, worker] = await Promise.all(Array.from({ length: 5 }, () => createLogin()));
  if (!none || !reader || !nameless || !auditor || !worker) throw new Error('a role is missing');
  await grantReader(database, { role: reader, accountIds: ['*'] });
  await grantReader(database, { role: nameless, accountIds: ['*'], withNames: false });
  for (const statement of await auditorSql(auditor)) await database.$executeRawUnsafe(statement);
  await database.$executeRawUnsafe(`grant usage on schema cdd, reporting to ${worker}`);
  await database.$executeRawUnsafe(`grant select, insert, update, delete on all tables in schema cdd to ${worker}`);
  await database.$executeRawUnsafe(`grant select on all tables in schema reporting to ${worker}`);
  expect(await abilities(none)).toEqual({ sees: false, verifies: false, holds: false });
  expect(await abilities(reader)).toEqual({ sees: true, verifies: false, holds: false });
  expect(await abilities(nameless)).toEqual({ sees: false, verifies: false, holds: false });
  expect(await abilities(auditor)).toEqual({ sees: true, verifies: true, holds: false });
  expect(await abilities(worker)).toEqual({ sees: true, verifies: true, holds: true });
  for (const role of [auditor, worker]) await database.$executeRawUnsafe(`drop owned by ${role}`);
});
