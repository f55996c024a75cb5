// Each process that uses the embedded Postgres holds a connection with a shared advisory lock. The kernel closes the
// connection when the process ends, however it ends. Rejected: files with process ids, which outlive it.
import { realpath } from 'node:fs/promises';
import pg from 'pg';
import { systemErrorCode } from '../model/system-error.ts';
import type { Cluster } from './data-directory.ts';

/** Key of the advisory lock, in database `postgres`. */
const LOCK_KEY = 7_236_001;

/**
 * Any login of a database can hold its advisory locks, and would keep this program from starting. So no other login than
 * ours may enter this database. `internal_error`: another process does the same at this moment.
 */
const KEEP_OTHERS_OUT = `
  do $$
  begin
    if has_database_privilege('public', 'postgres', 'connect') then
      revoke connect on database postgres from public;
    end if;
  exception
    when internal_error then null;
  end
  $$`;

/**
 * Takes the shared lock. Returns the connection that holds it; null if no server of this cluster listens on the port;
 * 'busy' while the server is starting or stopping.
 * @throws the error of a server that runs, but cannot open its database.
 */
export async function acquireUsageLock(port: number, cluster: Cluster): Promise<pg.Client | 'busy' | null> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: cluster.password,
    database: 'postgres',
    application_name: 'cdd-sync usage lock',
    connectionTimeoutMillis: 5000,
  });
  // No-op listener: without one, Node would end the process when the server goes away. Queries see that by themselves.
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await servesDataDirectory(client, cluster.data))) {
      await client.end();
      return null;
    }
    await client.query(KEEP_OTHERS_OUT);
    await client.query('select pg_advisory_lock_shared($1)', [LOCK_KEY]);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const code = systemErrorCode(error);
    // Refused: nothing listens there. 28P01, wrong password: another program's server has the port now.
    if (code === 'ECONNREFUSED' || code === '28P01') return null;
    if (/^(3D|42|58|XX)\w{3}$/.test(code ?? '')) throw error;
    return 'busy';
  }
}

/** Whether another process uses the server. False after a crash of the last one, which leaves the server running. */
export async function isUsedByOthers(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select
    from pg_locks
    where locktype = 'advisory' and classid = 0 and objid = $1 and objsubid = 1 and granted
      and database = (select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid()`,
    [LOCK_KEY],
  );
  return rowCount !== 0;
}

/** False for the server of another directory, of which this one is a copy with the same port and password. */
async function servesDataDirectory(client: pg.Client, data: string): Promise<boolean> {
  const { rows } = await client.query<{ data: string }>(`select current_setting('data_directory') as data`);
  return rows[0] !== undefined && (await realpath(rows[0].data)) === (await realpath(data));
}

/**
 * Releases the shared lock. Returns true if no other process uses the server; the lock is then held exclusively, so
 * that no other process can join until the server has stopped. False also if the server is gone already.
 */
export async function releaseUsageLock(client: pg.Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [LOCK_KEY]);
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [LOCK_KEY]);
    return rows[0]?.last === true;
  } catch {
    return false;
  }
}
