// The Postgres of the tests. A process cleans up after a run that is killed, because Testcontainers' own (Ryuk) needs
// an image that not every machine can get.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../src/embedded-postgres/server.ts';
import { cleanUpAfterThisProcess, containerLabel } from './cleanup-process.ts';

export type PostgresServer = { url: string; origin: string; stop: () => Promise<void> };

/** Settings for small data that need not survive a power cut. */
export const FAST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '128MB',
  max_connections: '200',
  // Compiling a query of a report takes longer than running it over the few rows of a test.
  jit: 'off',
};

const CONTAINER_TIMEOUT_MS = 120_000;
const DIRECTORY_PREFIX = 'cdd-sync-tests-';

/** Starts a container if Docker runs, else the embedded Postgres; TEST_DATABASE_URL names a server to use instead. */
export async function startPostgres(log: (line: string) => void): Promise<PostgresServer> {
  const url = process.env.TEST_DATABASE_URL;
  // TEST_DIRECT_URL: the same server without a pooler; npm run test:surroundings sets both.
  const origin = process.env.TEST_DIRECT_URL ? 'surroundings' : 'TEST_DATABASE_URL';
  if (url) return { url, origin, stop: async () => {} };
  const container = startContainer();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it was not up after two minutes')), CONTAINER_TIMEOUT_MS);
  try {
    return await Promise.race([container, late.promise]);
  } catch (error) {
    container.then((server) => server.stop()).catch(() => {});
    log(`no Postgres in a container: ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
  return startEmbeddedServer(await embeddedHome());
}

/** Starts the embedded Postgres of a directory; it stops when its last user leaves or ends. */
export async function startEmbeddedServer(home: string): Promise<PostgresServer> {
  const cleanup = cleanUpAfterThisProcess('server', home);
  const { url, stop } = await startEmbedded({ home, database: 'postgres', settings: FAST_SETTINGS });
  return { url, origin: 'embedded', stop: () => stop().then(cleanup.cancel) };
}

/** Starts a container; it is removed when this process ends. */
export async function startContainer(): Promise<PostgresServer> {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  await getContainerRuntimeClient();
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const label = randomUUID();
  const cleanup = cleanUpAfterThisProcess('containers', label);
  const starting = new PostgreSqlContainer('postgres:18')
    .withLabels(containerLabel(label))
    .withCommand(['postgres', ...Object.entries(FAST_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])])
    .withStartupTimeout(CONTAINER_TIMEOUT_MS)
    .withTmpFs({ '/tmp/data': 'rw' })
    .withEnvironment({ PGDATA: '/tmp/data' })
    .start();
  const container = await starting.catch(async (error: unknown) => {
    await cleanup.cancel();
    throw error;
  });
  const stop = () => container.stop().then(cleanup.cancel);
  return { url: container.getConnectionUri(), origin: 'container of postgres:18', stop };
}

/** A directory for each working copy, which saves creating the data again, and keeps the databases of failed tests. */
async function embeddedHome(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const memory = await memoryDirectory();
  if (memory === null) return join(root, '.cdd-sync/tests');
  await removeAbandoned(memory);
  const hash = createHash('sha256').update(`${root} ${process.getuid?.()}`).digest('hex').slice(0, 8);
  const home = join(memory, `${DIRECTORY_PREFIX}${hash}`);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'working-copy'), root);
  return home;
}

/** Removes the directories of working copies that do not exist any more: they take memory. */
async function removeAbandoned(memory: string): Promise<void> {
  for (const name of (await readdir(memory)).filter((each) => each.startsWith(DIRECTORY_PREFIX))) {
    const root = await readFile(join(memory, name, 'working-copy'), 'utf8').catch(() => null);
    if (root === null || (await exists(root))) continue;
    await rm(join(memory, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/**
 * A directory in memory, if there is room for it. A database has 300 files: copying one took 200 to 400 ms on ext4 soon
 * after others had been dropped, because it looks at every inode just freed, and 15 ms in memory.
 */
export async function memoryDirectory(): Promise<string | null> {
  const shm = '/dev/shm';
  const space = await statfs(shm).catch(() => null);
  return space !== null && space.bavail * space.bsize > 2 ** 30 ? shm : null;
}
