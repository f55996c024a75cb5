// Commands to the tests' server that concern whole databases.
import { randomInt } from 'node:crypto';
import pg from 'pg';

/** A name that tells what it is for and when it was made: old ones can be dropped without asking. */
export function databaseName(kind: 'test' | 'template'): string {
  return `cdd_${kind}_${Math.floor(Date.now() / 1000)}_${randomInt(2 ** 40).toString(36)}`;
}

/** The connection string of another database on the same server. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

export async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
