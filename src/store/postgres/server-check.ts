// The properties of a server and a database without which nothing works.
import { SyncError } from '../../model/sync-error.ts';
import { quoted } from './identifier.ts';
import type { Database } from './pool.ts';
import { onlyRow } from './query.ts';
import { REQUIRED_SETTINGS } from './session.ts';

/** With another value than `origin`, no trigger runs. */
const TRIGGERS = 'session_replication_role';

/** The oldest Postgres on which everything is tested. */
const OLDEST_MAJOR = 15;

export type Server = {
  version: string;
  /** For example 150004. */
  number: number;
  /** Of this connection, by name. */
  settings: Record<string, string>;
  database: string;
  encoding: string;
  /** The locale that a new database gets; 'C' goes with every encoding. */
  newLocale: string;
  /** The encoding that a new database gets. */
  newEncoding: string;
};

/** @throws SyncError DATABASE when the server cannot be reached. */
export async function askServer(database: Database): Promise<Server> {
  const names = [...Object.keys(REQUIRED_SETTINGS), TRIGGERS];
  const rows = await database.$queryRaw<Server[]>`
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::integer as number,
      (select jsonb_object_agg(name, current_setting(name)) from unnest(${names}::text[]) as setting (name)) as settings,
      current_database()::text as database,
      pg_catalog.pg_encoding_to_char(own_database.encoding)::text as encoding,
      coalesce(template.datctype::text, '') as "newLocale",
      coalesce(pg_catalog.pg_encoding_to_char(template.encoding)::text, '') as "newEncoding"
    from pg_catalog.pg_database as own_database
    left join pg_catalog.pg_database as template on template.datname = 'template0'
    where own_database.datname = current_database()`;
  return onlyRow(rows);
}

/**
 * The version of the server.
 * @throws SyncError DATABASE when the server cannot be reached or is too old, when its sessions lack our settings, or
 * when the database cannot store every character.
 */
export async function checkServer(database: Database): Promise<string> {
  const server = await askServer(database);
  const problem = versionProblem(server) ?? settingsProblem(server);
  if (problem !== null) throw new SyncError('DATABASE', problem);
  const encoding = encodingProblem(server);
  if (encoding !== null) throw new SyncError('DATABASE', `${encoding}: ${newDatabaseSql(server)}`);
  return server.version;
}

/** Null if the version is new enough. */
export function versionProblem({ number, version }: Server): string | null {
  if (number >= OLDEST_MAJOR * 10_000) return null;
  return `Postgres ${version} is too old: cdd-sync needs ${OLDEST_MAJOR} or newer. Upgrade it, or name another in DATABASE_URL.`;
}

/** Null if the connection has all settings that statements rely on. */
export function settingsProblem({ settings }: Server): string | null {
  if (settings[TRIGGERS] !== 'origin') {
    return `No trigger runs on this connection (${TRIGGERS} is ${settings[TRIGGERS]}), so the reports would stand still. A superuser must run: alter role <the user of DATABASE_URL> set ${TRIGGERS} to 'origin';`;
  }
  const wrong = Object.entries(REQUIRED_SETTINGS).filter(([name, value]) => settings[name] !== value);
  if (wrong.length === 0) return null;
  const found = wrong.map(([name]) => `${name} is ${settings[name]}`).join(', ');
  const mend = wrong.map(([name, value]) => `alter role <the user of DATABASE_URL> set ${name} to '${value}';`);
  return `The connection pooler forgets settings of the session (${found}): values would be read wrongly. Run: ${mend.join(' ')}`;
}

/** Null if the database stores every character. */
export function encodingProblem(server: Server): string | null {
  if (server.encoding === 'UTF8') return null;
  return (
    `The encoding of database ${quoted(server.database)} is ${server.encoding}, which cannot hold every character of the cases. ` +
    'An encoding cannot be changed: create another database, and name it in DATABASE_URL'
  );
}

/** The name of the database that `newDatabaseSql` creates. */
export function newDatabaseName({ database }: Server): string {
  return `${database}_utf8`;
}

/** Creates a database beside a wrongly encoded one. */
export function newDatabaseSql(server: Server): string {
  const { newLocale, newEncoding } = server;
  // Postgres refuses an encoding that does not fit the locale of template0.
  const fits = newEncoding === 'UTF8' || /^(C|POSIX)$/.test(newLocale);
  return `create database ${quoted(newDatabaseName(server))} encoding 'UTF8'${fits ? '' : " locale 'C'"} template template0;`;
}
