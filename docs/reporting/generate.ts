// npm run docs:reporting: writes docs/reporting.md from a temporary database on the tests' server.
import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { temporaryName, urlOf, withAdmin } from '../../test/support/admin.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { readCatalog } from './catalog.ts';
import { pageOf } from './page.ts';
import { fillFromSandbox, TIMEZONE, TODAY } from './world.ts';
import { stopClock } from './world-time.ts';

/** The text of docs/reporting.md. The database must be migrated and empty; afterwards its clock stands still. */
export async function reportingPage(url: string): Promise<string> {
  const database = openDatabase(url, { connections: 4, applicationName: 'cdd-sync docs' });
  try {
    await fillFromSandbox(database);
    await grantReader(database, { role: 'cdd_reader', accountIds: [] });
    // Not by grantReader, which refuses the role of all readers; here it is the only reader.
    await database.$executeRaw`insert into cdd.reader_grants (account_id, role_name) values ('*', 'cdd_reader')`;
  } finally {
    await database.close();
  }
  return withAdmin(url, async (client) => {
    const catalog = await readCatalog(client);
    await stopClock(client, TODAY);
    return pageOf(client, catalog, TIMEZONE);
  });
}

async function write(): Promise<void> {
  const server = await startPostgres((line) => process.stderr.write(`${line}\n`));
  const name = temporaryName('test');
  try {
    await withAdmin(server.url, (admin) => admin.query(`create database ${pg.escapeIdentifier(name)}`));
    await migrate(urlOf(server.url, name));
    const page = await reportingPage(urlOf(server.url, name));
    await writeFile(new URL('../reporting.md', import.meta.url), page);
    await withAdmin(server.url, (admin) => admin.query(`drop database ${pg.escapeIdentifier(name)} with (force)`));
  } finally {
    await server.stop();
  }
}

if (import.meta.main) await write();
