// A user of a machine with Node 24 and npm, and without a checkout.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Null = the user of this process. */
export type MachineUser = { uid: number; gid: number } | null;

export type Machine = {
  folder: string;
  /** Starts a program in the user's folder, with nothing of our own environment. */
  start: (command: string[], env?: Record<string, string>) => Started;
  /** Runs a program to its end. */
  run: (command: string[], env?: Record<string, string>) => Promise<Ended>;
};

type Ended = { code: number | null; stdout: string; stderr: string };
export type Started = {
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
  ended: Promise<Ended>;
};

/** Prepares the home folder of a user. `cache` is npm's. */
export async function createMachine(folder: string, cache: string, user: MachineUser): Promise<Machine> {
  const programs = join(folder, 'programs');
  await mkdir(programs, { recursive: true });
  await symlink(process.execPath, join(programs, 'node'));
  await chmod(folder, 0o755);
  await mkdir(cache, { recursive: true });
  if (user !== null) for (const path of [folder, cache]) await chown(path, user.uid, user.gid);
  const surroundings = {
    PATH: [programs, ...systemPath()].join(':'),
    HOME: folder,
    ...(await registryAccess()),
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
    npm_config_yes: 'true',
    // The safest and the worst setting: no package may need its install script.
    npm_config_ignore_scripts: 'true',
  };
  const start = ([program = '', ...args]: string[], env: Record<string, string> = {}): Started => {
    const child = spawn(program, args, { ...user, cwd: folder, env: { ...surroundings, ...env }, detached: true });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    let isOver = false;
    const ended = once(child, 'close').then(([code]: (number | null)[]) => {
      isOver = true;
      return { code: code ?? null, stdout, stderr };
    });
    // The whole process group: npx starts the program through a shell.
    const kill = (signal: NodeJS.Signals) => void (isOver || process.kill(-(child.pid ?? 0), signal));
    return { output: () => stdout + stderr, kill, ended };
  };
  return { folder, start, run: (command, env) => start(command, env).ended };
}

/** npm is found there; the programs of this checkout are not. */
function systemPath(): string[] {
  return (process.env.PATH ?? '').split(':').filter((path) => !path.includes('node_modules'));
}

/** How this machine reaches its registry. Not all of npm's settings: they may have a token. */
async function registryAccess(): Promise<Record<string, string>> {
  const names = ['registry', 'cafile', 'https-proxy'];
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', ...names]);
  const settings = [...stdout.matchAll(/^(\S+)=(?!null|undefined)(.+)$/gm)].map(([, name = '', value = '']) => [
    `npm_config_${name.replace('-', '_')}`,
    value,
  ]);
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return { ...Object.fromEntries(settings), ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }) };
}
