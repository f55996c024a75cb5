// Where the tests' Postgres comes from.
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../src/store/embedded.ts';

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
  try {
    return await startContainer();
  } catch (error) {
    say(`no Postgres in a container: ${error instanceof Error ? error.message : error}`);
  }
  const { url, stop } = await startEmbedded({ home: await embeddedHome(), database: 'postgres', settings: HASTE });
  return { url, origin: 'embedded', stop };
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

async function startContainer(): Promise<TestServer> {
  // Its image may not be to be had; a run that ends in order stops the container itself.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  await getContainerRuntimeClient();
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const settings = Object.entries(HASTE).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const starting = new PostgreSqlContainer('postgres:18')
    .withCommand(['postgres', ...settings])
    .withTmpFs({ '/tmp/data': 'rw' })
    .withEnvironment({ PGDATA: '/tmp/data' })
    .start();
  const tooLong = Promise.withResolvers<never>();
  const seconds = 120;
  const timer = setTimeout(
    () => tooLong.reject(new Error(`postgres:18 was not up after ${seconds} s`)),
    seconds * 1000,
  );
  try {
    const container = await Promise.race([starting, tooLong.promise]);
    const stop = async () => void (await container.stop({ timeout: 0 }));
    return { url: container.getConnectionUri(), origin: 'container of postgres:18', stop };
  } catch (error) {
    starting.then((late) => late.stop()).catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
