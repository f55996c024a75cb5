// An embedded Postgres of the machine's own, which may be killed.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFree } from '../../../src/embedded-postgres/data-directory.ts';
import { startEmbedded } from '../../../src/embedded-postgres/server.ts';
import { withAdmin } from '../admin.ts';
import { cleanUpAfterThisProcess } from '../cleanup-process.ts';
import { memoryDirectory } from '../postgres-server.ts';
import { until } from '../until.ts';
import type { ServerControl } from './trial.ts';

/** Data survive the kill of a process without fsync, because the kernel has them. */
const settings = { fsync: 'off', max_connections: '200' };

export async function startOwnServer(): Promise<AsyncDisposable & ServerControl & { url: string }> {
  const home = await mkdtemp(join((await memoryDirectory()) ?? tmpdir(), 'cdd-sync-crashes-'));
  const cleanup = cleanUpAfterThisProcess('directory', home);
  const start = () => startEmbedded({ home, settings, database: 'postgres' });
  let { url, stop } = await start();
  return {
    url,
    async kill() {
      const processes = await processesOf(url, home);
      for (const pid of processes) signal(pid, 'SIGKILL');
      // A process that was just forked may still listen: the server would get another port.
      await until(async () => !processes.some((pid) => signal(pid, 0)) && (await isFree(Number(new URL(url).port))));
    },
    async start() {
      // Its connection is broken, but the process must not be kept by it.
      await stop().catch(() => {});
      ({ url, stop } = await start());
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(home, { recursive: true, force: true });
      await cleanup.cancel();
    },
  };
}

/** The postmaster first: it would start new processes. */
async function processesOf(url: string, home: string): Promise<number[]> {
  const record = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8');
  const { rows } = await withAdmin(url, (client) => client.query<{ pid: number }>('select pid from pg_stat_activity'));
  return [Number(record.split('\n')[0]), ...rows.map(({ pid }) => pid)];
}

/** False if there is no such process: a backend may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
