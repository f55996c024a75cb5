import { identifier } from '../postgres/identifier.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

/** A worker that is alive by the heartbeats of the queue. */
export type Worker = { host: string; pid: number; startedAt: Date };
/** A run that is under way. */
export type Running = { accountId: string; startedAt: Date; heartbeatSeconds: number };

/** The workers that are alive by the heartbeats of the queue, and the runs that are under way. */
export async function checkWorkers(
  database: Database,
  { queueSchema, timeOf }: { queueSchema: string; timeOf: (at: Date) => string },
): Promise<Finding> {
  const { workers, runs } = await readWorkers(database, queueSchema);
  if (workers === null)
    return finding('workers', 'warning', `the role may not read schema ${queueSchema}, which has them`);
  if (workers.length + runs.length === 0) return finding('workers', 'ok', 'no worker is running');
  const lines = [
    ...workers.map(({ host, pid, startedAt }) => `worker on ${host}, process ${pid}, since ${timeOf(startedAt)}`),
    ...runs.map(
      ({ accountId, startedAt, heartbeatSeconds }) =>
        `run of ${accountId} since ${timeOf(startedAt)}, last heartbeat ${heartbeatSeconds} s ago`,
    ),
  ];
  return finding('workers', 'ok', lines.join('\n'));
}

/**
 * Live workers and runs under way; none of a table that is missing, or whose runs may not be read. Workers are null if
 * the role may not read the table that has them.
 */
export async function readWorkers(
  tx: Transaction,
  queueSchema: string,
): Promise<{ workers: Worker[] | null; runs: Running[] }> {
  const queue = await tableState(tx, queueSchema, 'instance');
  const workers = queue === 'readable' ? await liveWorkers(tx, queueSchema) : queue === 'missing' ? [] : null;
  const runs = (await tableState(tx, 'cdd', 'sync_runs')) === 'readable' ? await runningRuns(tx) : [];
  return { workers, runs };
}

async function liveWorkers(tx: Transaction, schema: string): Promise<Worker[]> {
  // pg-boss counts an instance as lost after three heartbeats.
  return tx.$queryRaw<Worker[]>`
    select host, pid, started_on as "startedAt"
    from ${identifier(schema)}.instance
    where stopped_on is null
      and heartbeat_on > now() - heartbeat_seconds * 3 * interval '1 second'
      -- The clock may have been ahead when a worker died.
      and heartbeat_on < now() + interval '1 minute'
    order by started_on`;
}

async function runningRuns(tx: Transaction): Promise<Running[]> {
  return tx.$queryRaw<Running[]>`
    select
      account_id as "accountId",
      started_at as "startedAt",
      round(extract(epoch from now() - heartbeat_at))::integer as "heartbeatSeconds"
    from cdd.sync_runs
    where state = 'running'
    order by started_at`;
}

async function tableState(tx: Transaction, schema: string, table: string): Promise<'missing' | 'hidden' | 'readable'> {
  const [found] = await tx.$queryRaw<{ mayRead: boolean }[]>`
    select
      has_schema_privilege(namespace.oid, 'usage') and has_table_privilege(relation.oid, 'select') as "mayRead"
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
    where namespace.nspname = ${schema} and relation.relname = ${table}`;
  if (found === undefined) return 'missing';
  return found.mayRead ? 'readable' : 'hidden';
}
