import { identifier } from '../postgres/identifier.ts';
import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

type Worker = { host: string; pid: number; startedAt: Date };
type Running = { accountId: string; startedAt: Date; heartbeatSeconds: number };

/** The workers that are alive by the heartbeats of the queue, and the runs that are under way. */
export async function checkWorkers(database: Database, queueSchema: string): Promise<Finding> {
  const workers = (await hasTable(database, queueSchema, 'instance')) ? await liveWorkers(database, queueSchema) : [];
  const runs = (await hasTable(database, 'cdd', 'sync_runs')) ? await runningRuns(database) : [];
  if (workers.length + runs.length === 0) return finding('workers', 'ok', 'no worker is running');
  const lines = [
    ...workers.map(({ host, pid, startedAt }) => `worker on ${host}, process ${pid}, since ${startedAt.toISOString()}`),
    ...runs.map(
      ({ accountId, startedAt, heartbeatSeconds }) =>
        `run of ${accountId} since ${startedAt.toISOString()}, last heartbeat ${heartbeatSeconds} s ago`,
    ),
  ];
  return finding('workers', 'ok', lines.join('\n'));
}

async function liveWorkers(database: Database, schema: string): Promise<Worker[]> {
  // pg-boss counts an instance as lost after three heartbeats.
  return database.$queryRaw<Worker[]>`
    select host, pid, started_on as "startedAt"
    from ${identifier(schema)}.instance
    where stopped_on is null
      and heartbeat_on > now() - heartbeat_seconds * 3 * interval '1 second'
      -- The clock may have been ahead when a worker died.
      and heartbeat_on < now() + interval '1 minute'
    order by started_on`;
}

async function runningRuns(database: Database): Promise<Running[]> {
  return database.$queryRaw<Running[]>`
    select
      account_id as "accountId",
      started_at as "startedAt",
      round(extract(epoch from now() - heartbeat_at))::integer as "heartbeatSeconds"
    from cdd.sync_runs
    where state = 'running'
    order by started_at`;
}

async function hasTable(database: Database, schema: string, table: string): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`
    select exists (
      select
      from pg_catalog.pg_class as relation
      join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
      where namespace.nspname = ${schema}
        and relation.relname = ${table}
        and has_schema_privilege(namespace.oid, 'usage')
        and has_table_privilege(relation.oid, 'select')
    ) as found`;
  return found?.found === true;
}
