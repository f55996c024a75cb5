import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { startEmbedded } from '../../src/embedded-postgres/server.ts';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { type Api, startApi } from './api.ts';
import { cpuMsOf } from './cpu.ts';
import { runProgram } from './program.ts';
import { startWorker, type Worker } from './worker.ts';

/** The surroundings of a measurement: an API, an embedded Postgres with default settings, a temporary folder. */
export type Stage = Awaited<ReturnType<typeof createStage>>;

/** One pass over all accounts, with the CPU time of Postgres; null where the system does not show it. */
export type Pass = Awaited<ReturnType<Worker['pass']>> & { postgresCpuMs: number | null };

const getResult = z.object({ tokenMs: z.number(), getMs: z.number(), parseMs: z.number(), cases: z.number() });

export async function createStage(signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-bench-'));
  const home = join(folder, 'home');
  const embedded = await startEmbedded({ home });
  const api = await startApi();
  const admin = new pg.Client({ connectionString: embedded.url });
  await admin.connect();
  return {
    api,
    file: (name: string) => join(folder, name),
    ...databasesOf(admin, embedded.url),
    ...programsOf({ folder, api, signal, postgresCpu: () => cpuMsOf(join(home, 'postgres/data/postmaster.pid')) }),
    async close() {
      await admin.end();
      await api.close();
      await embedded.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function databasesOf(admin: pg.Client, url: string) {
  let made = 0;
  return {
    /** Creates a new database, alone on the server, after a checkpoint. */
    async freshDatabase({ migrated = true } = {}) {
      const name = `bench_${made++}`;
      const own = new URL(url);
      own.pathname = name;
      await admin.query(`create database ${name}`);
      if (migrated) await migrate(own.href);
      await admin.query('checkpoint');
      return {
        url: own.href,
        tableBytes: () => tableBytes(own.href),
        /**
         * Vacuums now, as autovacuum would within minutes: dead rows of one measurement would slow the next one down.
         */
        vacuum: () => inDatabase(own.href, async (client) => void (await client.query('vacuum (analyze)'))),
        /** Deletes all content hashes, so that the next list with reordered keys counts as the first one. */
        forgetContentHashes: () =>
          inDatabase(own.href, async (client) => void (await client.query('update cdd.cases set content_hash = null'))),
        drop: async () => void (await admin.query(`drop database ${name} with (force)`)),
      };
    },
    /** Makes a checkpoint, so that a measurement does not pay for the writes of an earlier one. */
    async settle() {
      await admin.query('checkpoint');
    },
  };
}

/** Size of the worker's tables on disk, with their indexes. */
async function tableBytes(url: string): Promise<number> {
  return inDatabase(url, async (client) => {
    const { rows } = await client.query(`
      select sum(pg_total_relation_size(oid))::text as bytes
      from pg_class
      where relkind = 'r' and relnamespace = 'cdd'::regnamespace`);
    return Number(z.tuple([z.object({ bytes: z.string() })]).parse(rows)[0].bytes);
  });
}

async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

type Surroundings = { folder: string; api: Api; signal: AbortSignal; postgresCpu: () => Promise<number | null> };

function programsOf({ folder, api, signal, postgresCpu }: Surroundings) {
  /** Starts a worker for these accounts. */
  async function start({ url, accounts, concurrency = 4, replacement }: Work) {
    const config = join(folder, 'cdd-sync.yaml');
    await writeFile(config, configOf(api.url, accounts, concurrency));
    const env = { DATABASE_URL: url, CDD_SYNC_CONFIG: config, BENCH_SECRET: 'opens-nothing' };
    const worker = await startWorker(env, { replacement, signal });
    const pass = async (): Promise<Pass> => {
      const before = await postgresCpu();
      const made = await worker.pass();
      const after = await postgresCpu();
      return { ...made, postgresCpuMs: before === null || after === null ? null : after - before };
    };
    return { ...worker, pass };
  }
  return {
    startWorker: start,
    /** Runs the worker over these accounts, several times in one process. */
    async work({ passes = 1, ...work }: Work & { passes?: number }) {
      await using worker = await start(work);
      const made: Pass[] = [];
      for (let pass = 0; pass < passes; pass += 1) made.push(await worker.pass());
      return { startMs: worker.startMs, passes: made };
    },
    /** Downloads and parses the lists of these accounts, one after the other. */
    async plainGet(accounts: string[]) {
      return runProgram('plain-get.ts', { signal, args: [api.url, ...accounts], result: getResult });
    },
    async copy(url: string, path: string): Promise<number> {
      const result = z.object({ ms: z.number() });
      return (await runProgram('copy.ts', { signal, args: [path], env: { DATABASE_URL: url }, result })).ms;
    },
    async upsert(url: string, path: string, account: string) {
      const result = z.object({ ms: z.number(), cases: z.number() });
      return runProgram('upserts.ts', { signal, args: [path, account], env: { DATABASE_URL: url }, result });
    },
  };
}

/** `replacement`: a module that the worker loads first, in order to replace others. */
type Work = { url: string; accounts: string[]; concurrency?: number; replacement?: string | undefined };

function configOf(baseUrl: string, accounts: string[], concurrency: number): string {
  const lines = accounts.flatMap((id) => [
    `  - id: ${id}`,
    '    clientId: bench',
    `    clientSecret: \${BENCH_SECRET}`,
  ]);
  return [`concurrency: ${concurrency}`, 'api:', `  baseUrl: ${baseUrl}`, 'accounts:', ...lines].join('\n');
}
