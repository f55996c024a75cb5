import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { joinEmbedded, startEmbedded } from '../../src/embedded-postgres/server.ts';
import { ask, endUser, serverPid, settings, startUser, test } from '../support/embedded-postgres.ts';
import { until } from '../support/until.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const DAEMON = 1;

describe('the embedded Postgres', () => {
  test('keeps its data and its connection string over a stop and a start', async ({ home }) => {
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

  test('is Postgres 18 with UTF8, listens on 127.0.0.1 only, and requires the password', async ({ home }) => {
    const { url, stop } = await startEmbedded({ home, settings });
    const shown = ['server_version_num', 'server_encoding', 'listen_addresses', 'unix_socket_directories'];
    const [version, ...rest] = await ask(
      url,
      shown.map((name) => `select current_setting('${name}')`).join(' union all '),
    );
    expect(version).toMatch(/^18/);
    expect(rest).toEqual(['UTF8', '127.0.0.1', '']);
    const intruder = new pg.Client(url.replace(/:[^:@]*@/, ':wrong@'));
    await expect(intruder.connect()).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(home, 'postgres/password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'postgres.log'))).mode & 0o777).toBe(0o600);
    await stop();
  });

  test('runs in a directory whose name a shell would change', async ({ home }) => {
    const odd = join(home, `$(exit 1) \`exit 1\` "a" 'b' $HOME; true &`);
    const { url, stop } = await startEmbedded({ home: odd, settings });
    expect(await ask(url, "select current_setting('data_directory')")).toEqual([join(odd, 'postgres/data')]);
    await stop();
    expect(await serverPid(odd)).toBeNull();
  });

  test('is joined only while another process uses it', async ({ home }) => {
    expect(await joinEmbedded(home)).toBeNull();
    const { child } = await startUser(home);
    const joined = await joinEmbedded(home);
    expect(await ask(joined?.url ?? '', 'select 1 as n')).toEqual([1]);
    await joined?.stop();
    expect(await serverPid(home)).not.toBeNull();
    // Its server goes on, with nobody who uses it.
    await endUser(child, 'SIGKILL');
    await until(async () => (await joinEmbedded(home)) === null);
    expect(await serverPid(home)).not.toBeNull();
    const { stop } = await startEmbedded({ home });
    await stop();
    expect(await joinEmbedded(home)).toBeNull();
  });

  test('starts again after the server was killed', async ({ home }) => {
    const killed = await startEmbedded({ home });
    await ask(killed.url, 'create table kept as select 42 as n');
    process.kill((await serverPid(home)) ?? 0, 'SIGKILL');
    const next = await startEmbedded({ home });
    expect(next.started).toBe(true);
    expect(await ask(next.url, 'select n from kept')).toEqual([42]);
    await killed.stop();
    expect(await ask(next.url, 'select n from kept')).toEqual([42]);
    await next.stop();
  });

  test('starts although the process id in postmaster.pid belongs to another program now', async ({ home }) => {
    const first = await startEmbedded({ home, settings });
    const record = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8');
    await first.stop();
    // Must be the same user: Postgres ignores processes of other users.
    const other = spawn('sleep', ['60'], isRoot ? { uid: NOBODY, gid: NOBODY } : {});
    await writeFile(join(home, 'postgres/data/postmaster.pid'), record.replace(/^\d+/, String(other.pid)));
    if (isRoot) await chown(join(home, 'postgres/data/postmaster.pid'), NOBODY, NOBODY);
    const next = await startEmbedded({ home, settings });
    expect(next.started).toBe(true);
    expect(other.exitCode).toBeNull();
    other.kill();
    await next.stop();
  });

  test('takes another port when another program uses the last one', async ({ home }) => {
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

  test('removes the draft of an interrupted initdb, and does not use it', async ({ home }) => {
    const draft = join(home, 'postgres.4194305-1.new');
    await mkdir(join(draft, 'data'), { recursive: true });
    await writeFile(join(draft, 'data/PG_VERSION'), '18\n');
    const { url, stop } = await startEmbedded({ home, settings });
    expect(await ask(url, 'select 1')).toEqual([1]);
    expect(await readdir(home)).not.toContain('postgres.4194305-1.new');
    await stop();
  });

  test('runs for an ordinary user, and under root as another user', async ({ home }) => {
    const { child } = await startUser(home, isRoot ? await giveToDaemon(home) : null);
    const pid = await serverPid(home);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
    await endUser(child);
    expect(pid).not.toBeNull();
    if (status !== null)
      expect(status).toMatch(isRoot ? /^Uid:\s+1\s/m : new RegExp(`^Uid:\\s+${process.getuid?.()}\\s`, 'm'));
  });

  test('whose folder was deleted can be left without an error', async ({ home }) => {
    const { stop } = await startEmbedded({ home, settings });
    const pid = await serverPid(home);
    await rm(join(home, 'postgres'), { recursive: true, maxRetries: 20 });
    await expect(stop()).resolves.toBeUndefined();
    if (pid !== null) process.kill(pid, 'SIGQUIT');
  });

  test('whose folder was deleted in part can be left without an error', async ({ home }) => {
    const { stop } = await startEmbedded({ home, settings });
    const pid = await serverPid(home);
    await rm(join(home, 'postgres/data/PG_VERSION'));
    await rm(join(home, 'postgres/data/postmaster.pid'));
    await expect(stop()).resolves.toBeUndefined();
    if (pid !== null) process.kill(pid, 'SIGQUIT');
  });

  test("reports a failed start with the reason, the log's location and the alternative", async ({ home }) => {
    await expect(startEmbedded({ home, settings: { max_connections: 'many' } })).rejects.toMatchObject({
      code: 'DATABASE',
      message: expect.stringMatching(/invalid value for parameter "max_connections".*postgres\.log.*set DATABASE_URL/s),
    });
    await writeFile(join(home, 'file'), '');
    await expect(startEmbedded({ home: join(home, 'file') })).rejects.toThrow(/it is a file .*set DATABASE_URL/s);
    await expect(startEmbedded({ home: join(home, 'file/below') })).rejects.toThrow(/a part of its path is a file/);
  });

  test('names no log that does not exist, and for the demo no DATABASE_URL', async ({ home }) => {
    await writeFile(join(home, 'file'), '');
    const error = await startEmbedded({ home: join(home, 'file'), alternative: '' }).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/did not start: it is a file \(.*\)\. Set CDD_SYNC_HOME to a folder\.$/);
  });

  // /proc answers ENOENT, as an automounter does.
  test.runIf(process.platform === 'linux')('does not wait for a folder that no one can create', async () => {
    await expect(startEmbedded({ home: '/proc/cdd-sync/home' })).rejects.toThrow(/its folder cannot be created/);
  });

  test('says what is wrong with a folder that cannot be used, and leaves no server behind', async ({ home }) => {
    const { stop } = await startEmbedded({ home, settings });
    await stop();
    const data = join(home, 'postgres/data');
    for (const { change, back, words } of damages(home, data)) {
      await change();
      await expect(startEmbedded({ home, settings })).rejects.toThrow(words);
      expect(await serverPid(home)).toBeNull();
      await back();
    }
    const again = await startEmbedded({ home, settings });
    await again.stop();
  });
});

/** Ways to make a folder unusable, each with the way back. */
function damages(home: string, data: string) {
  const write = (name: string, text: string) => () => writeFile(join(data, name), text);
  const [password, kept] = [join(home, 'postgres/password'), join(home, 'kept')];
  const move = (from: string, to: string) => () => rename(join(home, from), join(home, to));
  return [
    { change: write('PG_VERSION', '17\n'), back: write('PG_VERSION', '18\n'), words: /is of Postgres version 17/ },
    { change: write('PG_VERSION', '99\n'), back: write('PG_VERSION', '18\n'), words: /is of Postgres version 99/ },
    { change: () => chmod(data, 0o777), back: () => chmod(data, 0o700), words: /chmod 700/ },
    {
      change: move('postgres/data/global/pg_control', 'control'),
      back: move('control', 'postgres/data/global/pg_control'),
      words: /files of the database are missing or damaged\. Restore/,
    },
    {
      change: move('postgres/data/base', 'base'),
      back: move('base', 'postgres/data/base'),
      words: /files of the database are missing or damaged/,
    },
    {
      change: move('postgres/password', 'password'),
      back: move('password', 'postgres/password'),
      words: /lacks its file "password"/,
    },
    {
      change: () => copyFile(password, kept).then(() => writeFile(password, 'another')),
      back: () => rename(kept, password),
      words: /does not take the password in "postgres\/password"/,
    },
  ];
}

async function allPaths(root: string): Promise<string[]> {
  const below = await readdir(root, { recursive: true });
  return [root, ...below.map((path) => join(root, path))];
}

/** Gives the directory to a user that is neither root nor `nobody`, the server's user under root. */
async function giveToDaemon(home: string): Promise<{ uid: number; gid: number }> {
  await chown(home, DAEMON, DAEMON);
  return { uid: DAEMON, gid: DAEMON };
}
