// What the tests of `check` have in common.
import { inject, onTestFinished } from 'vitest';
import { checkDatabase } from '../../src/store/check/check-database.ts';
import type { Finding } from '../../src/store/check/finding.ts';
import { QUEUE_SCHEMA, QUEUE_VERSION } from '../../src/worker/queue.ts';
import { withAdmin } from './admin.ts';
import { createEmptyDatabase, withDatabase } from './database.ts';

const queue = { schema: QUEUE_SCHEMA, version: QUEUE_VERSION };

/** The findings of the check of a database, by their names. */
export const check = (
  url: string,
  { timezone = 'Europe/Oslo', connections = 14 } = {},
): Promise<Map<string, Finding>> =>
  withDatabase(url, async (database) => {
    const { findings } = await checkDatabase({
      url,
      database,
      timezone,
      timeOf: (at) => at.toISOString(),
      connections,
      queue,
    });
    return new Map(findings.map((one) => [one.check, one]));
  });

/** Runs SQL in a database with all rights. */
export const asAdmin = (url: string, sql: string) => withAdmin(url, (admin) => admin.query(sql));

/** An empty database without the fixture, which cannot have options. */
export async function emptyDatabase(options = ''): Promise<string> {
  const { url, drop } = await createEmptyDatabase(inject('postgres').url, options);
  onTestFinished(drop);
  return url;
}

/** The name of the database of a url. */
export const nameOf = (url: string): string => new URL(url).pathname.slice(1);
