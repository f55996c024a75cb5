import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Database, Prisma } from '../../src/store/postgres/pool.ts';

/** Rows, and bytes on disk with indexes. */
export type TableSize = { rows: number; bytes: number };

/** The worker and its database at one moment. Sizes in bytes. */
export type Sample = {
  seconds: number;
  /** Finished runs. */
  runs: number;
  rss: number;
  heapUsed: number;
  heapTotal: number;
  /** Buffers among them. */
  external: number;
  files: number;
  sockets: number;
  /** Connections of the worker to Postgres. */
  sessions: number;
  /** Jobs of the queue that are not finished. */
  jobs: number;
  /** By schema and name. */
  tables: Record<string, TableSize>;
  /** Rows of a table that the counters of all runs explain, by its name. */
  recorded: Record<string, number>;
};

/** What a sample is taken of. Memory and files are those that Linux shows: the worker only answers `/metrics`. */
export type Subject = { pid: number; url: string; database: Database };

export async function takeSample({ pid, url, database }: Subject, seconds: number): Promise<Sample> {
  const [state, files, metrics, counts, tables] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    filesOf(pid),
    fetch(`${url}/metrics`).then((response) => response.text()),
    countsOf(database),
    tablesOf(database),
  ]);
  return {
    seconds,
    rss: Number(/^VmRSS:\s+(\d+) kB$/m.exec(state)?.[1]) * 1024,
    heapUsed: metric(metrics, 'nodejs_heap_size_used_bytes'),
    heapTotal: metric(metrics, 'nodejs_heap_size_total_bytes'),
    external: metric(metrics, 'nodejs_external_memory_bytes'),
    files: files.length,
    sockets: files.filter((target) => target.startsWith('socket:')).length,
    ...counts,
    tables,
  };
}

function metric(text: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? [];
  // Without a number, no comparison would find growth.
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}

/** The targets of the open file descriptors; one that closes meanwhile is an empty text. */
async function filesOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  return Promise.all((await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

type Counts = Pick<Sample, 'runs' | 'sessions' | 'jobs' | 'recorded'>;

async function countsOf(database: Database): Promise<Counts> {
  const [row] = await database.$queryRaw<Counts[]>`
    select
      (
        select json_build_object(
          'cdd.sync_runs', count(*),
          'cdd.case_revisions', sum(cases_created + cases_updated + cases_missing + cases_returned),
          'cdd.event_revisions', sum(events_recorded),
          'cdd.status_transitions', sum(transitions_recorded),
          'pgboss.job_common', count(*)
        )
        from cdd.sync_runs
      ) as recorded,
      (select count(*)::integer from cdd.sync_runs where finished_at is not null) as runs,
      (select count(*)::integer from pg_stat_activity where application_name like 'cdd-sync%') as sessions,
      (select count(*)::integer from pgboss.job where state in ('created', 'retry', 'active')) as jobs`;
  if (row === undefined) throw new Error('the counts have no row');
  return row;
}

async function tablesOf(database: Database): Promise<Record<string, TableSize>> {
  const tables = await database.$queryRaw<{ name: string; bytes: number }[]>`
    select oid::regclass::text as name, pg_total_relation_size(oid)::double precision as bytes
    from pg_class
    where relkind = 'r' and relnamespace::regnamespace::text in ('cdd', 'pgboss')`;
  const rows = await database.$queryRaw<{ name: string; rows: number }[]>(
    Prisma.raw(
      tables.map(({ name }) => `select '${name}' as name, count(*)::integer as rows from ${name}`).join(' union all '),
    ),
  );
  const rowsOf = new Map(rows.map(({ name, rows }) => [name, rows]));
  return Object.fromEntries(tables.map(({ name, bytes }) => [name, { bytes, rows: rowsOf.get(name) ?? 0 }]));
}
