// A migrated database with a history that goes on, and readers made by cdd-sync grant-reader.
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { quoted } from '../../../src/store/postgres/identifier.ts';
import { type Database, openDatabase } from '../../../src/store/postgres/pool.ts';
import { EVERY_ACCOUNT, grantReader } from '../../../src/store/reports/reader-grants.ts';
import { applyReaderSettings } from '../../../src/store/reports/reader-settings.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { temporaryName, urlOf, withAdmin } from '../admin.ts';
import { startPostgres } from '../postgres-server.ts';
import { ACCOUNT, createRig, type Rig } from '../rig.ts';
import { sandboxAccount } from '../sandbox-account.ts';

/** Far enough from UTC that tools in another zone count some cases in another month. */
export const ZONE = 'Pacific/Kiritimati';
const OTHER = 'T12345678';
export const PASSWORD = 'only-for-this-test';

export type World = {
  /** As the owner. */
  url: string;
  database: Database;
  /** Creates a login, after the statements of an administrator, and makes it a reader. */
  createReader: (accounts: 'all' | 'one', setUp?: (role: string) => string) => Promise<string>;
  /** Changes cases in every way that a sync can find, and syncs. */
  goOn: () => Promise<void>;
  close: () => Promise<void>;
};

export async function createWorld(say: (line: string) => void): Promise<World> {
  const server = await startPostgres(say);
  const name = temporaryName('test');
  const roles: string[] = [];
  await withAdmin(server.url, (admin) => admin.query(`create database ${name}`));
  const url = urlOf(server.url, name);
  await migrate(url);
  const database = openDatabase(url, { connections: 4 });
  const rig = await createRig(database, { sandbox: { seed: 7, casesPerAccount: 1000 } });
  const sync = async () => {
    for (const id of [ACCOUNT, OTHER]) {
      const { state, error_message: message } = await rig.sync({ account: sandboxAccount(id) });
      if (state !== 'succeeded') throw new Error(`the sync of ${id} ${state}: ${message}`);
    }
  };
  await sync();
  await applyReportSettings(database, { timezone: ZONE, statusTargets: {} });
  return {
    url,
    database,
    async createReader(accounts, setUp = () => '') {
      const role = temporaryName('test');
      roles.push(role);
      const sql = `create role ${role} login password '${PASSWORD}'; ${setUp(role)}`;
      await withAdmin(url, (admin) => admin.query(sql));
      await grantReader(database, { role, accountIds: [accounts === 'all' ? EVERY_ACCOUNT : ACCOUNT] });
      await applyReaderSettings(database, role);
      return role;
    },
    async goOn() {
      change(rig);
      await sync();
    },
    async close() {
      await rig.close();
      await database.close();
      await withAdmin(server.url, async (admin) => {
        await admin.query(`drop database ${name} with (force)`);
        for (const role of roles) await admin.query(`drop role ${quoted(role)}`);
      });
      await server.stop();
    },
  };
}

/** Some of these changes do not move a case's updated_at. */
function change({ sandbox: { world } }: Rig): void {
  world.advance({ hours: 100 });
  const ids = world.caseIds(ACCOUNT);
  const target = (index: number) => ({ account: ACCOUNT, case: ids[index] ?? '' });
  world.vanish(target(1));
  world.vanish(target(2));
  world.deleteCase(target(3));
  world.addLateEvent(target(4));
  world.edit(target(5), (document) => {
    document.country_code = 'SE';
  });
}
