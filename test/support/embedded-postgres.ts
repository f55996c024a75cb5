import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { startEmbedded } from '../../src/embedded-postgres/server.ts';
import { withAdmin } from './admin.ts';
import { cleanUpAfterThisProcess } from './cleanup-process.ts';
import { memoryDirectory } from './postgres-server.ts';

/** Settings for data that need not survive a power cut. */
export const settings = { fsync: 'off' };

/** Creates a directory that only its owner may enter. `remove` also stops a server that runs in it. */
export async function createHome(name: string): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join((await memoryDirectory()) ?? tmpdir(), `cdd-sync-${name}-`));
  const cleanup = cleanUpAfterThisProcess('directory', home);
  const remove = async () => {
    if (await serverPid(home)) await (await startEmbedded({ home, settings })).stop();
    await rm(home, { recursive: true });
    await cleanup.cancel();
  };
  return { home, remove };
}

/** `test('…', async ({ home }) => …)`: a directory of the test's own. */
export const test = base.extend('home', async ({ task }, { onCleanup }) => {
  const { home, remove } = await createHome(task.id);
  onCleanup(remove);
  return home;
});

/** The process id in the pid file of `home`; null if the server was stopped in order. */
export async function serverPid(home: string): Promise<number | null> {
  const text = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number(text.split('\n')[0]);
}

/** Returns all values of a query's result, row by row. */
export function ask(url: string, sql: string): Promise<unknown[]> {
  return withAdmin(url, async (client) => (await client.query({ text: sql, rowMode: 'array' })).rows.flat());
}

const USER = `
  const [module, home] = process.argv.slice(1);
  const { url, started, stop } = await (await import(module)).startEmbedded({ home });
  process.stdout.write(JSON.stringify({ url, started }));
  process.stdin.once('data', () => stop().then(() => process.exit()));`;

/** Starts another process that uses the server of `home`, in a process group of its own. */
export async function startUser(home: string, user: { uid: number; gid: number } | null = null) {
  const module = new URL('../../src/embedded-postgres/server.ts', import.meta.url).href;
  const prefix = user === null ? [] : commandAs(user);
  const [program = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', USER, module, home];
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  const [line] = await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => {});
  const said: unknown = JSON.parse(String(line));
  return { child, said };
}

/**
 * The prefix that runs a command as that user. If the project is in a directory that only root may enter, such as one
 * made by mktemp, the prefix includes the capability to pass it.
 */
function commandAs({ uid, gid }: { uid: number; gid: number }): string[] {
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const look = `require('node:fs').readFileSync(${JSON.stringify(import.meta.filename)})`;
  const [program = '', ...args] = [...prefix, process.execPath, '-e', look];
  if (spawnSync(program, args).status === 0) return prefix;
  return [...prefix, '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
}

/** Asks the process to stop, or signals its process group as a terminal does. */
export async function endUser(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  if (signal === undefined) child.stdin?.write('stop');
  else if (child.pid !== undefined) process.kill(-child.pid, signal);
  await exit;
}
