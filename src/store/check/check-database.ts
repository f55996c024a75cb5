// Everything that `cdd-sync check` asks of Postgres, as the role of DATABASE_URL. Nothing is changed.
import { isSetUp } from '../migrate/is-set-up.ts';
import { pendingMigrations, tryMigration } from '../migrate/migrate.ts';
import type { Database } from '../postgres/pool.ts';
import { checkClock } from './clock.ts';
import { connectFinding } from './connect.ts';
import { checkConnections } from './connections.ts';
import { checkEncryption } from './encryption.ts';
import { errorFinding, type Finding, finding } from './finding.ts';
import { type Queue, queueState } from './queue.ts';
import { checkReaders } from './readers.ts';
import { askAllRights, type Rights, rightsFindings, type TableState } from './rights.ts';
import { checkServerState } from './server.ts';
import { checkTimeZone } from './time-zone.ts';
import { checkWorkers } from './workers.ts';

export type DatabaseCheck = {
  findings: Finding[];
  /** Whether the tables are those of this program, and the role may write them. */
  isUsable: boolean;
};

type Options = {
  url: string;
  database: Database;
  timezone: string;
  /** Writes a time for people. */
  timeOf: (at: Date) => string;
  /** Of one worker. */
  connections: number;
  queue: Queue;
};

/** Checks server, surroundings, schema and rights. Never throws a SyncError: an error is a finding. */
export async function checkDatabase(options: Options): Promise<DatabaseCheck> {
  const { url, database, queue } = options;
  let server: Finding[];
  try {
    server = await checkServerState(database);
  } catch (error) {
    return { findings: [connectFinding(error, url)], isUsable: false };
  }
  const findings = [
    ...server,
    await attempt('encryption', () => checkEncryption(url)),
    await attempt('clock', () => checkClock(database)),
    await attempt('time zone', () => checkTimeZone(database, options.timezone)),
    await attempt('connections', () => checkConnections(database, options.connections)),
  ];
  // A database with another encoding must be replaced, so its rights do not matter.
  if (server.some(({ check, state }) => check === 'encoding' && state === 'problem')) {
    return { findings, isUsable: false };
  }
  const rights = await askAllRights(database, queue.schema);
  const { state, found } = await checkTables(options, rights);
  const states = { tables: state, queue: await queueState(database, queue, rights.queue.mayRead) };
  const granted = rightsFindings(rights, states);
  const isOk = (check: string) => [...server, ...granted].every((one) => one.check !== check || one.state === 'ok');
  const isTried = state === 'none' && isOk('writable') && isOk('rights: migrate');
  // Only in an empty database: elsewhere a trial would lock tables that are in use.
  findings.push(isTried ? await attempt('schema', () => tryMigration(url).then(() => found)) : found, ...granted);
  if (state === 'current') findings.push(await attempt('readers', () => checkReaders(database)));
  findings.push(
    await attempt('workers', () => checkWorkers(database, { queueSchema: queue.schema, timeOf: options.timeOf })),
  );
  return { findings, isUsable: state === 'current' && rights.tables.mayWrite };
}

async function checkTables(
  { url, database }: Options,
  { tables }: Rights,
): Promise<{ state: TableState; found: Finding }> {
  if (!(await isSetUp(database))) {
    const message = 'not set up yet: migrate, or the first start or sync, creates the tables';
    return { state: 'none', found: finding('schema', 'ok', message) };
  }
  if (!tables.mayRead) {
    return { state: 'unknown', found: finding('schema', 'problem', 'the role may not read its version') };
  }
  try {
    const { length } = await pendingMigrations(url);
    if (length === 0) return { state: 'current', found: finding('schema', 'ok', 'newest') };
    const message = `older than the program; migrations and definitions to apply: ${length}. start and sync apply them, or run: cdd-sync migrate`;
    return { state: 'older', found: finding('schema', 'warning', message) };
  } catch (error) {
    return { state: 'unknown', found: errorFinding('schema', error) };
  }
}

async function attempt(check: string, work: () => Promise<Finding>): Promise<Finding> {
  return work().catch((error: unknown) => errorFinding(check, error));
}
