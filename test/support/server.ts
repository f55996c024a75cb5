// Where the tests' Postgres comes from.
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../src/embedded-postgres/server.ts';

export type TestServer = { url: string; origin: string; stop: () => Promise<void> };

/** Nothing in a tests' server has to survive a power cut. */
export const HASTE = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '128MB',
  max_connections: '200',
};

/** The server that TEST_DATABASE_URL names, else a container where Docker runs, else the embedded one. */
export async function startTestServer(say: (line: string) => void): Promise<TestServer> {
  const supplied = process.env.TEST_DATABASE_URL;
  if (supplied) return { url: supplied, origin: 'TEST_DATABASE_URL', stop: async () => {} };
  const container = startContainer();
  const patience = Promise.withResolvers<never>();
  const timer = setTimeout(() => patience.reject(new Error('it was not up after two minutes')), 120_000);
  try {
    return await Promise.race([container, patience.promise]);
  } catch (error) {
    container.then((late) => late.stop()).catch(() => {});
    say(`no Postgres in a container: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
  const { url, stop } = await startEmbedded({ home: await embeddedHome(), database: 'postgres', settings: HASTE });
  return { url, origin: 'embedded', stop };
}

async function startContainer(): Promise<TestServer> {
  // Its image may not be to be had; a run that ends in order stops the container itself.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  await getContainerRuntimeClient();
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:18')
    .withCommand(['postgres', ...Object.entries(HASTE).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
    .withTmpFs({ '/tmp/data': 'rw' })
    .withEnvironment({ PGDATA: '/tmp/data' })
    .start();
  const stop = async () => void (await container.stop());
  return { url: container.getConnectionUri(), origin: 'container of postgres:18', stop };
}

/** The same for every run of this working copy, so that a killed run's server is found again. */
async function embeddedHome(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const memory = await memoryDirectory();
  if (memory === null) return join(root, '.cdd-sync/tests');
  const copy = createHash('sha256').update(`${root} ${process.getuid?.()}`).digest('hex').slice(0, 8);
  return join(memory, `cdd-sync-tests-${copy}`);
}

/**
 * A directory in memory, where there is room for it. A database is 300 files: to copy one took 200 to 400 ms on ext4
 * soon after others had been dropped, which looks at every inode just freed, and 15 ms in memory.
 */
export async function memoryDirectory(): Promise<string | null> {
  const shm = '/dev/shm';
  const space = await statfs(shm).catch(() => null);
  return space !== null && space.bavail * space.bsize > 2 ** 30 ? shm : null;
}
