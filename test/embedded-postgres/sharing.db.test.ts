import { readdir } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { startEmbedded } from '../../src/embedded-postgres/server.ts';
import { ask, endUser, serverPid, settings, startUser, test } from '../support/embedded-postgres.ts';

describe('an embedded Postgres with several users', () => {
  test('is one server for five concurrent starts, and the last stop ends it', async ({ home }) => {
    const all = await Promise.all(Array.from({ length: 5 }, () => startEmbedded({ home, settings })));
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    const last = all.pop();
    for (const one of all) await one.stop();
    expect(await ask(last?.url ?? '', 'select 1')).toEqual([1]);
    await last?.stop();
    expect(await serverPid(home)).toBeNull();
    expect((await readdir(home)).sort()).toEqual(['postgres', 'postgres.log']);
  });

  test('starts again for a start that races with the last stop', async ({ home }) => {
    let present = await startEmbedded({ home, settings });
    for (let round = 0; round < 5; round++) {
      const [next] = await Promise.all([startEmbedded({ home, settings }), present.stop()]);
      expect(await ask(next.url, 'select 1')).toEqual([1]);
      present = next;
    }
    await present.stop();
  });

  test('survives Ctrl-C and SIGKILL of the process that started it, and the next process stops it', async ({
    home,
  }) => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const { child, said } = await startUser(home);
      expect(said).toMatchObject({ started: true });
      const pid = await serverPid(home);
      await endUser(child, signal);
      const next = await startEmbedded({ home, settings });
      expect(next.started).toBe(false);
      expect(await serverPid(home)).toBe(pid);
      // The server notices a closed connection a moment after the process has ended.
      const users = `select count(*)::integer from pg_stat_activity where application_name = 'cdd-sync usage lock'`;
      await expect.poll(() => ask(next.url, users)).toEqual([1]);
      await next.stop();
      expect(await serverPid(home)).toBeNull();
    }
  });

  test('lets no other login enter the database in which it counts its users', async ({ home }) => {
    const { url, stop } = await startEmbedded({ home, settings });
    await ask(url, `create role stranger login password 'for this test'`);
    const login = new URL(url);
    login.username = 'stranger';
    login.password = 'for this test';
    expect(await ask(login.href, 'select 1')).toEqual([1]);
    login.pathname = 'postgres';
    await expect(ask(login.href, 'select pg_advisory_lock(7236001)')).rejects.toMatchObject({ code: '42501' });
    await stop();
  });

  test('keeps running for another process, which then stops it', async ({ home }) => {
    const here = await startEmbedded({ home, settings });
    const { child, said } = await startUser(home);
    expect(said).toEqual({ url: here.url, started: false });
    await here.stop();
    expect(await ask(here.url, 'select 1')).toEqual([1]);
    await endUser(child);
    expect(await serverPid(home)).toBeNull();
  });
});
