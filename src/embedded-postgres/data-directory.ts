// The files of the embedded Postgres: <home>/postgres/{data,password,port}. Created completely or not at all.
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import type { Binaries } from './binaries.ts';

/** A database cluster: its data directory, and the superuser's password. */
export type Cluster = { data: string; password: string };

/** Below the range from which operating systems take the ports of outgoing connections. */
const PORTS = { min: 20_000, max: 30_000 };
/** No process has this id: Linux allows at most 2^22. */
const UNUSED_PID = 2_147_483_646;

/**
 * Creates a folder and the missing ones above it. Rejected: `recursive` alone. Node tries for ever where a file system,
 * such as that of an automounter or of /proc, answers ENOENT although the folder above exists.
 */
export async function createFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    missing.unshift(folder);
  }
  for (const folder of missing) {
    await mkdir(folder).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    });
  }
  // Throws EEXIST where the path is a file.
  await mkdir(path, { recursive: true });
}

/** Opens the cluster under `home`, or creates it; `sync: false` skips fsync, for tests. Errors say what to do. */
export async function openCluster(home: string, binaries: Binaries, sync: boolean): Promise<Cluster> {
  const directory = join(home, 'postgres');
  const data = join(directory, 'data');
  if (!existsSync(directory)) await createCluster(home, binaries, sync);
  try {
    return { data, password: await readFile(join(directory, 'password'), 'utf8') };
  } catch (cause) {
    const reason =
      systemErrorCode(cause) === 'ENOENT'
        ? `${directory} was not created by cdd-sync, or lacks its file "password". Move it away`
        : `${directory} belongs to another user. Run as that one`;
    throw new Error(`${reason}, or set CDD_SYNC_HOME to another folder.`, { cause });
  }
}

/** The cluster under `home`; null if there is none, or its password may not be read. */
export async function findCluster(home: string): Promise<Cluster | null> {
  const directory = join(home, 'postgres');
  const password = await readFile(join(directory, 'password'), 'utf8').catch(() => null);
  return password === null ? null : { data: join(directory, 'data'), password };
}

async function createCluster(home: string, binaries: Binaries, sync: boolean): Promise<void> {
  await removeDrafts(home);
  // Renamed when complete, so that the remains of an interrupted initdb are never used as a cluster.
  const draft = join(home, `postgres.${process.pid}-${randomInt(1_000_000)}.new`);
  const password = join(draft, 'password');
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const { user } = binaries;
  if (user !== null) await Promise.all([draft, password].map((path) => chown(path, user.uid, user.gid)));
  // The builtin locale sorts and compares the same on every machine, independent of its C library.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const login = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${password}`];
  const speed = sync ? [] : ['--no-sync'];
  try {
    await binaries.initdb(['-D', join(draft, 'data'), '-E', 'UTF8', ...locale, ...login, ...speed]);
    await rename(draft, join(home, 'postgres'));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have created the cluster meanwhile; then that one is used.
    if (!existsSync(join(home, 'postgres'))) throw error;
  }
}

/** Removes the drafts of processes that no longer run. */
async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^postgres\.(\d+)-\d+\.new$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

/** The server that `postmaster.pid` names, running or killed; null after a clean stop. */
export async function readPidFile(data: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { pid, port } : null;
}

/**
 * Replaces the process id in the `postmaster.pid` of a killed server. After a reboot another program may have that id,
 * and Postgres would refuse to start while it runs. The other lines stay, because Postgres uses them to find out
 * whether an old server still uses the data.
 */
export async function clearRecordedPid(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [UNUSED_PID, ...rest].join('\n'));
}

/** The last port if it is free, so that printed connection strings stay valid; otherwise a free one. */
export async function choosePort(home: string): Promise<number> {
  const path = join(home, 'postgres', 'port');
  const last = Number(await readFile(path, 'utf8').catch(() => 0));
  let port = last;
  while (port === 0 || !(await isFree(port))) port = randomInt(PORTS.min, PORTS.max);
  if (port !== last) await writeFile(path, String(port));
  return port;
}

/** Whether a server can listen on the port. */
export function isFree(port: number): Promise<boolean> {
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
    return systemErrorCode(error) === 'EPERM';
  }
}
