import { SyncError } from '../../src/case.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';

/** The SyncError that the work ends with; anything else fails the test. */
export async function failure(work: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await work.catch((raised: unknown) => raised);
  if (!(error instanceof SyncError)) throw new Error('it did not fail with a SyncError', { cause: error });
  return error;
}

/** Opens a database, works with it and closes it, whatever happens. */
export async function using<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(url, { connections: 2 });
  return work(database).finally(() => database.close());
}
