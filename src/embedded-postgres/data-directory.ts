// The files of the embedded Postgres: <home>/postgres/{data,password,port}. Made as a whole or not at all.
import { randomBytes, randomInt } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SyncError } from '../model/sync-error.ts';
import type { Programs, ServerUser } from './binaries.ts';

export type Cluster = { data: string; password: string };

/** The cluster under `home`, made when there is none. */
export async function openCluster(home: string, programs: Programs, sync: boolean): Promise<Cluster> {
  const directory = join(home, 'postgres');
  const data = join(directory, 'data');
  if (!(await exists(directory))) await makeCluster(home, programs, sync);
  try {
    return { data, password: await readFile(join(directory, 'password'), 'utf8') };
  } catch (cause) {
    const message = `${directory} was not made by cdd-sync or belongs to another user: run as that user, or move it away.`;
    throw new SyncError('DATABASE', message, { cause });
  }
}

async function makeCluster(home: string, programs: Programs, sync: boolean): Promise<void> {
  await removeLeftovers(home);
  // Under another name until it is whole, so that an interrupted initdb is never taken for a cluster.
  const draft = join(home, `postgres.${process.pid}-${randomInt(1_000_000)}.new`);
  const password = join(draft, 'password');
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await give(programs.user, [draft, password]);
  // The builtin locale sorts and compares the same on every machine, whatever its C library knows.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const account = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${password}`];
  const speed = sync ? [] : ['--no-sync'];
  try {
    await programs.initdb(['-D', join(draft, 'data'), '-E', 'UTF8', ...locale, ...account, ...speed]);
    await rename(draft, join(home, 'postgres'));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have been faster; its cluster is as good as ours.
    if (!(await exists(join(home, 'postgres')))) throw error;
  }
}

async function give(user: ServerUser, paths: string[]): Promise<void> {
  if (user !== null) await Promise.all(paths.map((path) => chown(path, user.uid, user.gid)));
}

async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const maker = /^postgres\.(\d+)-\d+\.new$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) await rm(join(home, name), { recursive: true, force: true });
  }
}

/** What `postmaster.pid` says of the running server, or of one that was killed; null = it was stopped in order. */
export async function recordedServer(data: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { pid, port } : null;
}

/**
 * Takes the process out of a `postmaster.pid` that nobody answers for: after a restart of the machine its number may
 * belong to something else, and Postgres would wait for that to end. The rest of the file stays, for by it Postgres
 * finds out that an old server still uses the data.
 */
export async function disownRecord(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  const noProcess = 2_147_483_646;
  await writeFile(path, [noProcess, ...rest].join('\n'));
}

/** The port of last time if it is free, so that connection strings that were printed stay good; else a free one. */
export async function choosePort(home: string, wanted: number | undefined): Promise<number> {
  const path = join(home, 'postgres', 'port');
  const last = Number(await readFile(path, 'utf8').catch(() => 0));
  let port = wanted ?? last;
  // Below the range from which systems take the ports of outgoing connections.
  while (port !== wanted && (port === 0 || !(await isFree(port)))) port = randomInt(20_000, 30_000);
  if (port !== last) await writeFile(path, String(port));
  return port;
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  return promise;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
