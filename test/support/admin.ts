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
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
