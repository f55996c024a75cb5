import { describe, expect, test } from 'vitest';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { quoted } from '../../../src/store/postgres/identifier.ts';
import { withAdmin } from '../../support/admin.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { findingsAs, problemsOf, startQueue, tryCommands } from '../../support/rights/commands.ts';
import { createDroppedDatabase } from '../../support/rights/database.ts';
import { onDatabase } from '../../support/rights/roles.ts';

describe('check, as the owner of everything', () => {
  const older = `update cdd.applied_definitions set checksum = ''`;
  const revoked: { revoke: string; change: string }[] = [
    { revoke: 'insert on cdd.cases', change: '' },
    { revoke: 'insert on cdd.cases', change: older },
    { revoke: 'select on reporting.sync_freshness', change: '' },
    { revoke: 'usage on schema cdd', change: '' },
    { revoke: 'create on schema reporting', change: older },
    { revoke: 'all on pgboss.queue', change: '' },
    { revoke: 'usage on schema pgboss', change: '' },
  ];
  test.for(revoked)('finds that its own right is gone: $revoke; $change', async ({ revoke, change }) => {
    const role = await createLogin();
    const admin = await createDroppedDatabase();
    const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
    await asAdmin(onDatabase('grant create on database %I to %I', quoted(role)));
    const url = urlAs(admin, role);
    await migrate(url);
    await startQueue(url);
    await asAdmin(change);
    await withAdmin(url, (client) => client.query(`revoke ${revoke} from current_user`));
    const before = await findingsAs(url);
    expect(problemsOf(before)).not.toEqual([]);
    for (const sql of before.flatMap((one) => one.sql)) await asAdmin(sql);
    expect(problemsOf(await findingsAs(url))).toEqual([]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
  });
});
