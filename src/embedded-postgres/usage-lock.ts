// Who uses the embedded Postgres: each holds a connection to it with a shared lock. The kernel closes the connection of
// a process that dies, however it dies; files with process numbers were rejected, for they outlive it.
import { realpath } from 'node:fs/promises';
import pg from 'pg';
import type { Cluster } from './data-directory.ts';

/** The advisory lock, in database `postgres`. */
const USERS = 7_236_001;

/**
 * A connection that says "in use" for as long as this process lives, however it ends. Null = our server is not there;
 * busy = it is, but is starting or stopping.
 */
export async function takeLease(port: number, { data, password }: Cluster): Promise<pg.Client | 'busy' | null> {
  const connection = { host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' };
  const lease = new pg.Client({ ...connection, application_name: 'cdd-sync lease', connectionTimeoutMillis: 5000 });
  // A server that goes away is noticed by those who use it; unheard, the event would end the process.
  lease.on('error', () => undefined);
  try {
    await lease.connect();
    const { rows } = await lease.query<{ data: string }>(`select current_setting('data_directory') as data`);
    // A copy of the directory has the same port and password in it.
    if (rows[0] === undefined || (await realpath(rows[0].data)) !== (await realpath(data))) {
      await lease.end();
      return null;
    }
    await lease.query('select pg_advisory_lock_shared($1)', [USERS]);
    return lease;
  } catch (error) {
    await lease.end().catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Refused: nobody listens. 28P01: somebody else's server has got the port since.
    return code === 'ECONNREFUSED' || code === '28P01' ? null : 'busy';
  }
}

/**
 * Gives up the use, and says whether there is nobody else; then nobody can come until the server is gone, since the
 * lock is now held alone. False as well when the server is gone already.
 */
export async function isLast(lease: pg.Client): Promise<boolean> {
  try {
    await lease.query('select pg_advisory_unlock_shared($1)', [USERS]);
    const { rows } = await lease.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [USERS]);
    return rows[0]?.last === true;
  } catch {
    return false;
  }
}
