// npm run db:snapshot: writes prisma/schema.snapshot.sql, on the server that the tests use.
import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { temporaryName, urlOf, withAdmin } from '../../test/support/admin.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { schemaSnapshot } from '../../test/support/schema-snapshot.ts';

const server = await startPostgres((line) => process.stderr.write(`${line}\n`));
try {
  const name = temporaryName('test');
  const database = pg.escapeIdentifier(name);
  await withAdmin(server.url, (admin) => admin.query(`create database ${database}`));
  await migrate(urlOf(server.url, name));
  await writeFile(new URL('../schema.snapshot.sql', import.meta.url), await schemaSnapshot(urlOf(server.url, name)));
  await withAdmin(server.url, (admin) => admin.query(`drop database ${database} with (force)`));
} finally {
  await server.stop();
}
