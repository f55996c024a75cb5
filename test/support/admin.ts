// Commands to the tests' server that concern whole databases.
import { randomInt } from 'node:crypto';
import pg from 'pg';

const TEMPORARY_NAME = '^cdd_(test|template)_[0-9]{10}_[0-9a-z]+$';

/** Makes a name for a database or role; it has the time of its creation, so that old ones can be dropped. */
export function temporaryName(kind: 'test' | 'template'): string {
  return `cdd_${kind}_${Math.floor(Date.now() / 1000)}_${randomInt(2 ** 40).toString(36)}`;
}

/** Drops databases and roles that killed runs left or failed tests kept, after a day. */
export async function dropOldNames(admin: pg.Client): Promise<void> {
  const isOld = (name: string) =>
    `${name} ~ '${TEMPORARY_NAME}' and to_timestamp(split_part(${name}, '_', 3)::bigint) < now() - interval '1 day'`;
  const databases = await admin.query(`select datname as name from pg_database where ${isOld('datname')}`);
  for (const { name } of databases.rows) await admin.query(`drop database if exists ${name} with (force)`);
  const roles = await admin.query(`select rolname as name from pg_roles where ${isOld('rolname')}`);
  for (const { name } of roles.rows) await admin.query(`drop role if exists ${name}`);
}

/** The connection string of another database on the same server. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Does the work with a connection of its own. */
export async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = await connectAdmin(url);
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Connects with Postgres' own defaults, however odd those of the server are. Those of the database and the role hold. */
export function connectAdmin(url: string, options: pg.ClientConfig = {}): Promise<pg.Client> {
  return connect(url, options, '^(?!lc_|default_text_search_config)');
}

/** Connects as an analyst does: with the server's defaults, and without limits of time, because a test may be slow. */
export function connectReader(url: string): Promise<pg.Client> {
  return connect(url, {}, '_timeout$');
}

/** Connects to the server itself where TEST_DATABASE_URL names a pooler, and resets settings of postgresql.conf. */
async function connect(url: string, options: pg.ClientConfig, resetNames: string): Promise<pg.Client> {
  const client = new pg.Client({ ...options, connectionString: directUrl(url) });
  // No-op listener: without one, a server that goes away between two queries ends the whole test run.
  client.on('error', () => {});
  await client.connect();
  await client.query(
    `select set_config(name, boot_val, false)
     from pg_catalog.pg_settings
     where source = 'configuration file' and context = 'user' and name ~ $1`,
    [resetNames],
  );
  return client;
}

/** The url of the same database on the server of TEST_DIRECT_URL, if its server is that of TEST_DATABASE_URL. */
function directUrl(url: string): string {
  const { TEST_DATABASE_URL, TEST_DIRECT_URL } = process.env;
  const direct = new URL(url);
  if (TEST_DATABASE_URL && TEST_DIRECT_URL && direct.host === new URL(TEST_DATABASE_URL).host) {
    direct.host = new URL(TEST_DIRECT_URL).host;
  }
  return direct.href;
}
