import { join } from 'node:path';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { SyncError } from '../../model/sync-error.ts';
import { databaseError, describeServer } from '../postgres/errors.ts';
import { type Database, openDatabase } from '../postgres/pool.ts';
import { checkServer } from '../postgres/server-check.ts';
import { adoptBaseline, baselineComments } from './baseline.ts';
import { applyDefinitions, changedDefinitions, type Definition, readDefinitions } from './definitions.ts';
import { checkHistory, FILTERS, type History, readMigrations, SCHEMA } from './history.ts';
import { beginSql, PATIENCE_MS, whileLocked } from './locks.ts';
import { checkSchemaVersion, isLastVersion, recordSchemaVersion, schemaChecksum } from './schema-versions.ts';
import { type Failure, type Script, withSchemaEngine } from './transaction.ts';

/** Holds `migrations/` and `definitions/`. */
const DIRECTORY = join(import.meta.dirname, '../../../prisma');

export type Migrated = {
  /** Migrations that were applied now, in their order. */
  applied: string[];
  /** Views and functions that were applied now, in their order. */
  definitions: string[];
  /** The newest migration of the database; null when there is none. */
  current: string | null;
  /** Applied migrations with a file that was changed afterwards: worth a warning, as in `prisma migrate deploy`. */
  edited: string[];
};

export type MigrateOptions = { mayGoBack?: boolean; patienceMs?: number; onWait?: (text: string) => void };

/** `try` does all that `migrate` does, and takes it back. `read` changes nothing. */
type Purpose = 'migrate' | 'try' | 'read';

/**
 * Brings the database to the newest schema: tables by migrations, which `_prisma_migrations` in schema `cdd` records as
 * Prisma does, then views, functions and triggers by definitions. All of it is one transaction: after an error or a
 * crash everything is as before, and concurrent calls take turns. While other sessions hold its locks, it is repeated for
 * `patienceMs`; `onWait` is told which. A database that is current needs no lock, and no owner's rights.
 * @throws SyncError DATABASE when a migration or definition fails, the locks are not to be had, the database has a
 * migration that is unknown here, or, unless `mayGoBack`, another version migrated it after this one.
 */
export async function migrate(
  databaseUrl: string,
  directory = DIRECTORY,
  { mayGoBack = false, patienceMs = PATIENCE_MS, onWait = () => {} }: MigrateOptions = {},
): Promise<Migrated> {
  const sources = await readSources(directory);
  const server = describeServer(databaseUrl);
  return withCheckedServer(databaseUrl, async (database) => {
    const found = await findChanges(databaseUrl, sources, { mayGoBack });
    if (found.isCurrent) return { applied: [], definitions: [], current: newest(sources), edited: found.edited };
    return whileLocked({ database, server, patienceMs, onWait }, () =>
      applyAll(databaseUrl, sources, { mayGoBack, purpose: 'migrate' }),
    );
  });
}

/** Migrates an empty database and takes it back. @throws SyncError DATABASE as `migrate` would. */
export async function tryMigration(databaseUrl: string, directory = DIRECTORY): Promise<void> {
  const sources = await readSources(directory);
  await withCheckedServer(databaseUrl, () => applyAll(databaseUrl, sources, { mayGoBack: false, purpose: 'try' }));
}

async function applyAll(
  databaseUrl: string,
  sources: Sources,
  { mayGoBack, purpose }: { mayGoBack: boolean; purpose: Purpose },
): Promise<Migrated> {
  const { list, checksum } = sources;
  return withHistory(databaseUrl, { list, purpose }, async ({ engine, script, adopted, edited }) => {
    if (adopted) await script.run(baselineComments(list));
    const { appliedMigrationNames: applied } = await engine.applyMigrations({ migrationsList: list, filters: FILTERS });
    if (!mayGoBack) await checkSchemaVersion(checksum, script);
    // After the migrations: one of them may have dropped a view, or made the table that records definitions.
    const changed = await changedDefinitions(sources.definitions, script);
    await applyDefinitions(changed, script, describeServer(databaseUrl));
    await recordSchemaVersion(checksum, script);
    const definitions = changed.map(({ name }) => name);
    return { applied, definitions, current: newest(sources), edited };
  });
}

function newest({ list }: Sources): string | null {
  return list.migrationDirectories.at(-1)?.path ?? null;
}

/**
 * Names of the migrations, then of the definitions, that `migrate` would apply; nothing is changed.
 * @throws SyncError DATABASE when the database has a migration that is unknown here, or another version migrated it after
 * this one.
 */
export async function pendingMigrations(databaseUrl: string, directory = DIRECTORY): Promise<string[]> {
  const sources = await readSources(directory);
  return withCheckedServer(databaseUrl, async () => {
    const { pending } = await findChanges(databaseUrl, sources, { mayGoBack: false });
    return pending;
  });
}

type Changes = Pick<Migrated, 'edited'> & {
  /** Names of migrations, then of definitions. */
  pending: string[];
  /** Whether there is nothing to apply and nothing to record. */
  isCurrent: boolean;
};

async function findChanges(
  databaseUrl: string,
  { list, checksum, definitions }: Sources,
  { mayGoBack }: { mayGoBack: boolean },
): Promise<Changes> {
  return withHistory(databaseUrl, { list, purpose: 'read' }, async ({ script, edited, adopted, ...history }) => {
    if (!mayGoBack) await checkSchemaVersion(checksum, script);
    const changed = await changedDefinitions(definitions, script);
    const pending = [...history.pending, ...changed.map(({ name }) => name)];
    const isCurrent = pending.length === 0 && !adopted && (await isLastVersion(checksum, script));
    return { pending, edited, isCurrent };
  });
}

type Sources = { list: MigrationList; definitions: Definition[]; checksum: string };

async function readSources(directory: string): Promise<Sources> {
  const [list, definitions] = await Promise.all([
    readMigrations(join(directory, 'migrations')),
    readDefinitions(join(directory, 'definitions')),
  ]);
  return { list, definitions, checksum: schemaChecksum(list, definitions) };
}

async function withHistory<T>(
  databaseUrl: string,
  { list, purpose }: { list: MigrationList; purpose: Purpose },
  work: (parts: History & { engine: SchemaEngine; script: Script; adopted: boolean }) => Promise<T>,
): Promise<T> {
  const failures: Failure[] = [];
  const failed = (one: Failure) => failures.push(one);
  const prepare = beginSql({ isChanging: purpose !== 'read' });
  const end = purpose === 'migrate' ? 'commit' : 'rollback';
  try {
    return await withSchemaEngine(databaseUrl, { schema: SCHEMA, prepare, end, failed }, async (engine, script) => {
      const adopted = await adoptBaseline(engine, list, script);
      return work({ engine, script, adopted, ...(await checkHistory(engine, list)) });
    });
  } catch (error) {
    throw explainedError(failures[0] ?? { error, script: null }, list, describeServer(databaseUrl));
  }
}

async function withCheckedServer<T>(databaseUrl: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    await checkServer(database);
    return await work(database);
  } finally {
    await database.close();
  }
}

function explainedError({ error, script }: Failure, list: MigrationList, server: string): SyncError {
  if (error instanceof Error && 'code' in error && error.code === 'P3005') {
    const message = `${server}: the schema ${SCHEMA} holds tables, but no record of migrations; they were not made by cdd-sync. Use another database, or rename that schema.`;
    return new SyncError('DATABASE', message);
  }
  const failed = list.migrationDirectories.find(({ migrationFile: { content } }) => content.value === script);
  return databaseError(error, failed ? `${server}: migration ${failed.path} failed, nothing was changed` : server);
}
