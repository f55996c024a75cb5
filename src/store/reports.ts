import type { Database } from './database.ts';

/** Makes the reports' roll-ups of an account again where its tables have changed since they were made. */
export async function rollUp(database: Database, accountId: string): Promise<void> {
  await database.$queryRaw`select cdd.roll_up(${accountId})::text`;
}
