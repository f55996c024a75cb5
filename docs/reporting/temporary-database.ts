import pg from 'pg';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { temporaryName, urlOf, withAdmin } from '../../test/support/admin.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

/** Works on a migrated, empty database of the tests' server, and drops it afterwards. */
export async function withTemporaryDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const server = await startPostgres((line) => process.stderr.write(`${line}\n`));
  const name = temporaryName('test');
  try {
    await withAdmin(server.url, (admin) => admin.query(`create database ${pg.escapeIdentifier(name)}`));
    await migrate(urlOf(server.url, name));
    await work(urlOf(server.url, name));
    await withAdmin(server.url, (admin) => admin.query(`drop database ${pg.escapeIdentifier(name)} with (force)`));
  } finally {
    await server.stop();
  }
}
