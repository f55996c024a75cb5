import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { test as base, describe, expect } from 'vitest';
import { startEmbedded } from '../../src/store/embedded.ts';
import { withAdmin } from '../support/admin.ts';
import { memoryDirectory } from '../support/server.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const DAEMON = 1;
const settings = { fsync: 'off' };

/** A directory that only its owner may enter, as mktemp makes them; whatever runs in it at the end is stopped. */
const test = base.extend('home', async ({ task }, { onCleanup }) => {
  const home = await mkdtemp(join((await memoryDirectory()) ?? tmpdir(), `cdd-sync-${task.id}-`));
  onCleanup(async () => {
    if (await serverPid(home)) await (await startEmbedded({ home, settings })).stop();
    await rm(home, { recursive: true });
  });
  return home;
});

async function serverPid(home: string): Promise<number | null> {
  const text = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number(text.split('\n')[0]);
}

function ask(url: string, sql: string): Promise<unknown[]> {
  return withAdmin(url, async (client) => (await client.query({ text: sql, rowMode: 'array' })).rows.flat());
}

/** Another process that uses the server of `home`, in a process group of its own. */
async function startUser(home: string, options: { uid?: number; gid?: number } = {}) {
  const script = join(import.meta.dirname, '../support/embedded-user.ts');
  const child = spawn(process.execPath, [script, home], {
    ...options,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
  const [line] = await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => {});
  const said: unknown = JSON.parse(String(line));
  return { child, said };
}

async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  if (signal === undefined) child.stdin?.write('stop');
  else if (child.pid !== undefined) process.kill(-child.pid, signal);
  await exit;
}

describe('the embedded Postgres', () => {
  test('keeps its data and its connection string when it is stopped and started', async ({ home }) => {
    const first = await startEmbedded({ home });
    expect(first.started).toBe(true);
    await ask(first.url, 'create table kept as select 42 as n');
    await first.stop();
    expect(await serverPid(home)).toBeNull();
    const second = await startEmbedded({ home });
    expect(second.started).toBe(true);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select n from kept')).toEqual([42]);
    await second.stop();
  });

  test('is UTF8, of major 18, on 127.0.0.1 only, and asks for the password', async ({ home }) => {
    const { url, stop } = await startEmbedded({ home, settings });
    const shown = ['server_version_num', 'server_encoding', 'listen_addresses', 'unix_socket_directories'];
    const [version, ...rest] = await ask(
      url,
      shown.map((name) => `select current_setting('${name}')`).join(' union all '),
    );
    expect(version).toMatch(/^18/);
    expect(rest).toEqual(['UTF8', '127.0.0.1', '']);
    const stranger = new pg.Client(url.replace(/:[^:@]*@/, ':wrong@'));
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(home, 'postgres/password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'postgres.log'))).mode & 0o777).toBe(0o600);
    await stop();
  });

  test('is one server for five that come at the same moment, and the last to leave stops it', async ({ home }) => {
    const all = await Promise.all(Array.from({ length: 5 }, () => startEmbedded({ home, settings })));
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    const last = all.pop();
    for (const one of all) await one.stop();
    expect(await ask(last?.url ?? '', 'select 1')).toEqual([1]);
    await last?.stop();
    expect(await serverPid(home)).toBeNull();
    expect((await readdir(home)).sort()).toEqual(['postgres', 'postgres.log']);
  });

  test('comes back for those who arrive while the last one leaves', async ({ home }) => {
    let present = await startEmbedded({ home, settings });
    for (let round = 0; round < 5; round++) {
      const [next] = await Promise.all([startEmbedded({ home, settings }), present.stop()]);
      expect(await ask(next.url, 'select 1')).toEqual([1]);
      present = next;
    }
    await present.stop();
  });

  test('outlives a Ctrl-C and a kill of the process that started it, and is stopped by the next one', async ({
    home,
  }) => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const { child, said } = await startUser(home);
      expect(said).toMatchObject({ started: true });
      const pid = await serverPid(home);
      await end(child, signal);
      const next = await startEmbedded({ home, settings });
      expect(next.started).toBe(false);
      expect(await serverPid(home)).toBe(pid);
      await next.stop();
      expect(await serverPid(home)).toBeNull();
    }
  });

  test('stays for another process, which stops it in its turn', async ({ home }) => {
    const here = await startEmbedded({ home, settings });
    const { child, said } = await startUser(home);
    expect(said).toEqual({ url: here.url, started: false });
    await here.stop();
    expect(await ask(here.url, 'select 1')).toEqual([1]);
    await end(child);
    expect(await serverPid(home)).toBeNull();
  });

  test('starts again after it was killed itself', async ({ home }) => {
    const killed = await startEmbedded({ home });
    await ask(killed.url, 'create table kept as select 42 as n');
    process.kill((await serverPid(home)) ?? 0, 'SIGKILL');
    const next = await startEmbedded({ home });
    expect(next.started).toBe(true);
    expect(await ask(next.url, 'select n from kept')).toEqual([42]);
    await killed.stop().catch(() => {});
    expect(await ask(next.url, 'select n from kept')).toEqual([42]);
    await next.stop();
  });

  test('starts although its old process number belongs to another program now', async ({ home }) => {
    const first = await startEmbedded({ home, settings });
    const record = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8');
    await first.stop();
    // As the same user: another one's processes Postgres does not take for its own.
    const other = spawn('sleep', ['60'], isRoot ? { uid: NOBODY, gid: NOBODY } : {});
    await writeFile(join(home, 'postgres/data/postmaster.pid'), record.replace(/^\d+/, String(other.pid)));
    if (isRoot) await chown(join(home, 'postgres/data/postmaster.pid'), NOBODY, NOBODY);
    const next = await startEmbedded({ home, settings });
    expect(next.started).toBe(true);
    expect(other.exitCode).toBeNull();
    other.kill();
    await next.stop();
  });

  test('takes another port when its own is somebody else’s by now', async ({ home }) => {
    const first = await startEmbedded({ home, settings });
    const port = Number(new URL(first.url).port);
    await first.stop();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const second = await startEmbedded({ home, settings });
    expect(new URL(second.url).port).not.toBe(String(port));
    await second.stop();
    other.close();
  });

  test('does not join the server of the directory it was copied from', async ({ home }) => {
    const original = await startEmbedded({ home: join(home, 'original'), settings });
    await cp(join(home, 'original'), join(home, 'copy'), { recursive: true, preserveTimestamps: true });
    if (isRoot) for (const path of await allPaths(join(home, 'copy/postgres'))) await chown(path, NOBODY, NOBODY);
    const copy = await startEmbedded({ home: join(home, 'copy'), settings });
    expect(copy.started).toBe(true);
    expect(copy.url).not.toBe(original.url);
    await copy.stop();
    await original.stop();
  });

  test('does not take what an interrupted start left for a server’s data', async ({ home }) => {
    const half = join(home, 'postgres.4194305-1.new');
    await mkdir(join(half, 'data'), { recursive: true });
    await writeFile(join(half, 'data/PG_VERSION'), '18\n');
    const { url, stop } = await startEmbedded({ home, settings });
    expect(await ask(url, 'select 1')).toEqual([1]);
    expect(await readdir(home)).not.toContain('postgres.4194305-1.new');
    await stop();
  });

  test('runs for an ordinary user, and not as root for root', async ({ home }) => {
    const { child } = await startUser(home, isRoot ? await ordinary(home) : {});
    const pid = await serverPid(home);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
    await end(child);
    expect(pid).not.toBeNull();
    if (status !== null)
      expect(status).toMatch(isRoot ? /^Uid:\s+1\s/m : new RegExp(`^Uid:\\s+${process.getuid?.()}\\s`, 'm'));
  });

  test('says what is wrong, where the log is, and what to do instead', async ({ home }) => {
    await expect(startEmbedded({ home, settings: { max_connections: 'many' } })).rejects.toMatchObject({
      code: 'DATABASE',
      message: expect.stringMatching(/postgres\.log.*Set DATABASE_URL.*invalid value for parameter "max_connections"/s),
    });
    await writeFile(join(home, 'file'), '');
    await expect(startEmbedded({ home: join(home, 'file') })).rejects.toThrow(/file.*Set DATABASE_URL/);
  });
});

async function allPaths(root: string): Promise<string[]> {
  const below = await readdir(root, { recursive: true });
  return [root, ...below.map((path) => join(root, path))];
}

/** Makes the directory somebody's who is neither root nor the nobody that root's server runs as. */
async function ordinary(home: string): Promise<{ uid: number; gid: number }> {
  await chown(home, DAEMON, DAEMON);
  return { uid: DAEMON, gid: DAEMON };
}
