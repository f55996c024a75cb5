import { SyncError } from '../model/sync-error.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { checkServer, type Database } from '../store/postgres/pool.ts';
import { within } from './timeout.ts';

const ANSWER_MS = 1_500;
/** Looking at the schema takes connections of its own, and it changes once a month. */
const SCHEMA_HOLDS_MS = 60_000;

/** What /readyz asks: whether database, schema and scheduler are as they must be. Probes at once share one look. */
export function createReadiness({ url, database }: { url: string; database: Database }, signal: AbortSignal) {
  let schemaHoldsUntil = 0;
  let looking: Promise<void> | null = null;

  const lookAtSchema = async (): Promise<void> => {
    const pending = await pendingMigrations(url);
    if (pending.length > 0) throw new SyncError('DATABASE', `older than the program by ${pending.length}`);
    schemaHoldsUntil = performance.now() + SCHEMA_HOLDS_MS;
  };

  const checkSchema = async (): Promise<string> => {
    if (performance.now() > schemaHoldsUntil) {
      looking ??= lookAtSchema().finally(() => {
        looking = null;
      });
      await looking;
    }
    return 'current';
  };

  return () =>
    Promise.all([
      check('database', () => checkServer(database)),
      check('schema', checkSchema),
      check('scheduler', async () => {
        if (signal.aborted) throw new SyncError('CANCELLED', 'stopping');
        return 'running';
      }),
    ]);
}

async function check(name: string, attempt: () => Promise<string>) {
  try {
    return { name, ok: true, message: await within(ANSWER_MS, attempt) };
  } catch (error) {
    return { name, ok: false, message: error instanceof SyncError ? error.message : 'no answer in time' };
  }
}
