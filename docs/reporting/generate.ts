// npm run docs:reporting: writes docs/reporting.md from a temporary database on the tests' server.
import { writeFile } from 'node:fs/promises';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { withAdmin } from '../../test/support/admin.ts';
import { readCatalog } from './catalog.ts';
import { pageOf } from './page.ts';
import { withTemporaryDatabase } from './temporary-database.ts';
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
  await withTemporaryDatabase(async (url) => {
    await writeFile(new URL('../reporting.md', import.meta.url), await reportingPage(url));
  });
}

if (import.meta.main) await write();
