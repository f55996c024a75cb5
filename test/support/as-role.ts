import type pg from 'pg';
import { withAdmin } from './admin.ts';

/** Does the work as that role in a transaction that is rolled back. */
export function asRole<T>(url: string, role: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withAdmin(url, async (client) => {
    await client.query('begin');
    await client.query(`set local role ${role}`);
    return work(client).finally(() => client.query('rollback'));
  });
}
