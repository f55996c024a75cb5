import { SyncError } from '../../src/model/sync-error.ts';

/** Returns the SyncError that the work fails with; throws if it succeeds or fails otherwise. */
export async function syncErrorOf(work: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await work.catch((raised: unknown) => raised);
  if (!(error instanceof SyncError)) throw new Error('it did not fail with a SyncError', { cause: error });
  return error;
}
