import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { startEmbedded } from '../src/embedded-postgres/server.ts';
import { manyAccounts, sandboxCredentials } from '../src/sandbox/accounts.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/server.ts';
import { migrate } from '../src/store/migrate/migrate.ts';
import { type Database, openDatabase } from '../src/store/postgres/pool.ts';

const main = join(import.meta.dirname, '../src/main.ts');

export type Fleet = {
  sandbox: Sandbox;
  database: Database;
  accountIds: string[];
  replicas: ChildProcess[];
  /** Starts another replica. Its HTTP server listens on this port, or any. */
  start: (port?: number) => void;
  /** Kills a replica with SIGKILL, like the loss of its machine. */
  kill: (index: number) => Promise<void>;
  /** Shuts Postgres down and breaks all connections, like an operator's restart. */
  stopDatabase: () => Promise<void>;
  startDatabase: () => Promise<void>;
  /** Stops the replicas with SIGTERM. */
  stopReplicas: () => Promise<void>;
  close: () => Promise<void>;
};

/** A sandbox with many accounts, an embedded Postgres with default settings, and replicas as processes of their own. */
export async function createFleet({
  accounts,
  cases,
  schedule,
  webhookSecret,
  sandbox: sandboxOptions = {},
  environment = {},
}: {
  accounts: number;
  cases: number;
  schedule: string;
  /** Of every account; default none. */
  webhookSecret?: string;
  sandbox?: Pick<SandboxOptions, 'hoursPerSecond' | 'tokenSeconds'>;
  /** More variables for the replicas. */
  environment?: Record<string, string>;
}): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-bench-'));
  const merchants = manyAccounts(accounts);
  const sandbox = await startSandbox({ ...sandboxOptions, accounts: merchants, casesPerAccount: cases });
  const home = join(folder, 'home');
  let embedded = await startEmbedded({ home });
  const { url } = embedded;
  await migrate(url);
  const database = openDatabase(url, { connections: 4, applicationName: 'bench' });
  const lines = [
    `schedule: "${schedule}"`,
    'api:',
    `  baseUrl: ${sandbox.url}`,
    'accounts:',
    ...merchants.flatMap(({ id }) => {
      const { clientId, clientSecret } = sandboxCredentials(id);
      const webhook = webhookSecret === undefined ? [] : [`    webhookSecret: ${webhookSecret}`];
      return [`  - id: ${id}`, `    clientId: ${clientId}`, `    clientSecret: ${clientSecret}`, ...webhook];
    }),
  ];
  await writeFile(join(folder, 'cdd-sync.yaml'), lines.join('\n'));

  const replicas: ChildProcess[] = [];
  const start = (port = 0) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: url, LOG_LEVEL: 'fatal', PORT: String(port), ...environment };
    replicas.push(
      spawn(process.execPath, [main, 'start'], {
        cwd: folder,
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
  };
  const end = async (replica: ChildProcess, signal: NodeJS.Signals) => {
    if (replica.exitCode !== null || replica.signalCode !== null) return;
    const exit = once(replica, 'exit');
    replica.kill(signal);
    await exit;
  };
  const stopReplicas = async () => {
    await Promise.all(replicas.splice(0).map((replica) => end(replica, 'SIGTERM')));
  };
  return {
    sandbox,
    database,
    accountIds: merchants.map(({ id }) => id),
    replicas,
    start,
    async kill(index) {
      const [replica] = replicas.splice(index, 1);
      if (replica !== undefined) await end(replica, 'SIGKILL');
    },
    async stopDatabase() {
      const record = await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8');
      const pid = Number(record.split('\n')[0]);
      process.kill(pid, 'SIGINT');
      while (isAlive(pid)) await delay(100);
    },
    async startDatabase() {
      embedded = await startEmbedded({ home });
    },
    stopReplicas,
    async close() {
      await stopReplicas();
      await database.close();
      await embedded.stop();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The number of overlapping runs of one account, except abandoned ones; must be 0. */
export async function overlappingRuns(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    select count(*)::integer as count
    from cdd.sync_runs as one
    join cdd.sync_runs as other
      on other.account_id = one.account_id
      and other.id <> one.id
      and other.started_at >= one.started_at
      and other.started_at < coalesce(one.finished_at, 'infinity')
    where one.state <> 'abandoned'`;
  return row?.count ?? 0;
}

/** The number of ticks of the schedule with more than one job; must be 0. */
export async function ticksDoneTwice(database: Database): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    select count(*)::integer as count
    from (
      select data ->> 'accountId', data ->> 'dedupeKey'
      from pgboss.job
      where data ->> 'dedupeKey' is not null
      group by 1, 2
      having count(*) > 1
    ) as twice`;
  return row?.count ?? 0;
}

/** The number of accounts with other documents in the tables than in the sandbox's list; must be 0. */
export async function differingAccounts({ database, sandbox, accountIds }: Fleet): Promise<number> {
  let different = 0;
  for (const id of accountIds) {
    const rows = await database.$queryRaw<{ id: string; document: unknown }[]>`
      select id::text, cdd.case_document(account_id, id) as document
      from cdd.cases
      where account_id = ${id} and missing_since is null`;
    const saved = new Map(rows.map((row) => [row.id, row.document]));
    const listed = sandbox.world.documents(id);
    const same = listed.every((document) => isDeepStrictEqual(saved.get(String(document.id)), document));
    if (saved.size !== listed.length || !same) different += 1;
  }
  return different;
}

/**
 * Waits until every account has a successful run that began after this moment. Returns the number without one in time.
 */
export async function settled({ database, accountIds }: Fleet, seconds: number): Promise<number> {
  const since = new Date();
  for (let second = 0; second < seconds; second += 1) {
    const done = await database.syncRun.groupBy({
      by: ['accountId'],
      where: { state: 'succeeded', startedAt: { gt: since } },
    });
    if (done.length === accountIds.length) return 0;
    await delay(1000);
  }
  const done = await database.syncRun.groupBy({
    by: ['accountId'],
    where: { state: 'succeeded', startedAt: { gt: since } },
  });
  return accountIds.length - done.length;
}
