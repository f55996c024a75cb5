import { OutputError } from '../../model/output-error.ts';
import { SyncError } from '../../model/sync-error.ts';
import type { Clock } from '../../model/time-text.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { type Published, readPublished } from '../../store/published/catalogue.ts';
import { type LookSettings, notSetUpError, openToLook } from '../database.ts';
import type { CommandContext } from '../process-context.ts';

/** Schema reporting of an open database. */
export type Reports = { database: Database; published: readonly Published[]; clock: Clock };

/**
 * Opens a database to read schema reporting only. Unlike `withDatabase` it asks for no right on the tables, writes
 * nothing and takes the views as it finds them: a reader's login, a replica and a newer worker are all right.
 * @throws SyncError DATABASE when there is no such schema, or the role may not read it; CANCELLED when it was stopped.
 */
export async function withReports(
  settings: LookSettings,
  { log, signal }: Pick<CommandContext, 'log' | 'signal'>,
  work: (reports: Reports) => Promise<void>,
): Promise<void> {
  const opened = openToLook(settings, log, async ({ database, advice }) => {
    await requireReadable(database, advice);
    const clock = await readClock(database);
    await work({ database, clock, published: await readPublished(database) });
  });
  await opened.catch((error: unknown) => {
    if (!signal.aborted || (error instanceof SyncError && error.code === 'CANCELLED')) throw error;
    // The broken connection's error says less.
    throw signal.reason instanceof OutputError ? signal.reason : new SyncError('CANCELLED', 'Stopped.');
  });
}

async function requireReadable(database: Database, advice: string): Promise<void> {
  // Not by name: to_regclass fails without the right to use the schema.
  const [settings] = await database.$queryRaw<{ isReadable: boolean; role: string }[]>`
    select
      has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select') as "isReadable",
      current_user::text as role
    from pg_catalog.pg_class
    where relname = 'settings'
      and relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'reporting')`;
  if (settings === undefined) throw notSetUpError(advice);
  const { isReadable, role } = settings;
  if (isReadable) return;
  throw new SyncError(
    'DATABASE',
    `The user of DATABASE_URL, ${role}, may not read schema reporting; an administrator runs: cdd-sync grant-reader --role ${role} --all`,
  );
}

async function readClock(database: Database): Promise<Clock> {
  const [clock] = await database.$queryRaw<Clock[]>`
    select clock_timestamp() as now, timezone from reporting.settings`;
  return clock ?? { now: new Date(), timezone: 'UTC' };
}
