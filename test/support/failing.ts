import { SyncError } from '../../src/model/sync-error.ts';
import { type Database, openDatabase } from '../../src/store/postgres/pool.ts';

/** The SyncError that the work ends with; anything else fails the test. */
export async function failure(work: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await work.catch((raised: unknown) => raised);
  if (!(error instanceof SyncError)) throw new Error('it did not fail with a SyncError', { cause: error });
  return error;
}

/** Opens a database, works with it and closes it, whatever happens. */
export async function using<T>(
  url: string,
  work: (database: Database) => Promise<T>,
  { connections = 2 }: { connections?: number } = {},
): Promise<T> {
  const database = openDatabase(url, { connections });
  return work(database).finally(() => database.close());
}
