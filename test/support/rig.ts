import { syncParts } from '../../src/app.ts';
import type { Config } from '../../src/config/config.ts';
import type { Log } from '../../src/log.ts';
import type { RunRow } from '../../src/model/run.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { sync } from '../../src/sync/run.ts';
import { apiSettings, sandboxAccount } from './sandbox-account.ts';

export const ACCOUNT = 'P12345678';

type RigOptions = {
  sandbox?: SandboxOptions;
  personalData?: Config['personalData'];
  missingGuard?: Config['missingGuard'];
  leaseMs?: number;
  heartbeatMs?: number;
  api?: Partial<Config['api']>;
  log?: Log;
  isErasing?: boolean;
};

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** A sandbox and the parts of a run on a database; waits between attempts take no time. */
export async function createRig(database: Database, options: RigOptions = {}) {
  const sandbox = await startSandbox(options.sandbox);
  const config = {
    api: apiSettings(sandbox.url, options.api),
    concurrency: 4,
    personalData: options.personalData ?? 'keep',
    missingGuard: options.missingGuard ?? { ratio: 0.2, atLeast: 10 },
  };
  const waits: number[] = [];
  const closing = new AsyncDisposableStack();
  closing.defer(() => sandbox.close());
  let waiting: () => void = () => {};
  let time = Date.now();
  const clock = {
    now: () => time,
    random: () => 0.5,
    sleep: async (ms: number) => {
      waits.push(ms);
      waiting();
      // The holds in the database must end as well.
      await database.$executeRaw`update cdd.api_holds set open_at = open_at - ${ms} * interval '1 millisecond'`;
      await database.$executeRaw`update cdd.account_holds set open_at = open_at - ${ms} * interval '1 millisecond'`;
      time += ms;
    },
  };
  const { dintero, ...parts } = syncParts(config, {
    database,
    clock,
    leaseMs: options.leaseMs ?? 30_000,
    heartbeatMs: options.heartbeatMs ?? 5_000,
    ...(options.log !== undefined && { log: options.log }),
    isErasing: options.isErasing ?? false,
  });
  return {
    sandbox,
    parts,
    /** Waits between attempts, in milliseconds. */
    waits,
    /** Sets the work to do whenever a run waits before an attempt. */
    onWait(work: () => void) {
      waiting = work;
    },
    /** Runs a sync; throws if the account is locked. */
    async sync({
      account = sandboxAccount(ACCOUNT),
      acceptMissing = false,
      signal = new AbortController().signal,
      source = parts.source,
      onProblems = (_problems: ReadonlyMap<string, number>) => {},
    } = {}): Promise<RunRow> {
      await saveAccounts(database, [account]);
      const row = await sync({ account, trigger: 'manual', acceptMissing, signal, onProblems }, { ...parts, source });
      if (row === null) throw new SyncError('DATABASE', `${account.id} is locked`);
      return row;
    },
    /** Sets work to do when the rig is closed. */
    onClose: (work: () => Promise<void>) => closing.defer(work),
    /** Closes the rig; throws if a message of a run has one of the sandbox's secrets. */
    async close() {
      const said = await database.$queryRaw<{ text: string }[]>`
        select error_message as text from cdd.sync_runs where error_message is not null
        union all
        select path || ' ' || reason from cdd.rejected_items
        union all
        select path || ' ' || reason from cdd.case_problems`;
      const leaked = sandbox.secrets().filter((secret) => said.some(({ text }) => text.includes(secret)));
      if (leaked.length > 0) throw new Error(`secrets in messages: ${leaked.length}, in ${JSON.stringify(said)}`);
      dintero.close();
      await closing.disposeAsync();
    },
  };
}

/** A rig after one sync of its account; `kept` are the documents that later runs must not lose. */
export async function syncedRig(database: Database): Promise<{ rig: Rig; kept: Map<string, unknown> }> {
  const rig = await createRig(database);
  await rig.sync();
  return { rig, kept: await documentsOf(database) };
}

/** Counts the missing cases. */
export const missingCount = (database: Database) => database.case.count({ where: { missingSince: { not: null } } });

/** Documents of an account as known at a time, by case id; without cases that were absent then. */
export async function documentsOf(
  database: Database,
  at: Date | string = 'infinity',
  accountId = ACCOUNT,
): Promise<Map<string, unknown>> {
  const rows = await database.$queryRaw<{ id: string; document: unknown }[]>`
    select id::text, cdd.case_document(account_id, id, ${at instanceof Date ? at.toISOString() : at}::timestamptz) as document
    from cdd.cases
    where account_id = ${accountId}`;
  return new Map(rows.filter((row) => row.document !== null).map((row) => [row.id, row.document]));
}

/** Documents of the sandbox's list, by case id. */
export function listedDocuments(sandbox: Sandbox, accountId = ACCOUNT): Map<string, unknown> {
  return new Map(sandbox.world.documents(accountId).map((document) => [String(document.id), document]));
}

/** Digests of the tables that an unchanged list must not write; they include the rows' physical versions (xmin). */
export async function rowVersions(database: Database): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const table of [
    'cases',
    'case_revisions',
    'event_revisions',
    'event_bodies',
    'status_transitions',
    'rejected_items',
    'case_problems',
    'case_statuses',
  ]) {
    const [row] = await database.$queryRawUnsafe<{ digest: string }[]>(
      `select md5(coalesce(string_agg(table_row.xmin::text || table_row.ctid::text, ',' order by table_row.ctid), '')) as digest from cdd.${table} as table_row`,
    );
    versions[table] = row?.digest ?? '';
  }
  return versions;
}

/** Current facts without history and recording times: equal for every sequence of runs that ends with the same list. */
export async function currentFacts(database: Database): Promise<Record<string, unknown>> {
  return {
    cases: await database.$queryRaw`
      select to_jsonb(case_row) - '{first_seen_at,changed_at,state_recorded_at,missing_since,fingerprint,content_hash,status_since}'::text[] as facts
      from cdd.cases as case_row
      where missing_since is null
      order by account_id, id`,
    documents: await database.$queryRaw`
      select account_id, id::text, cdd.case_document(account_id, id, 'infinity') as document
      from cdd.cases
      where missing_since is null
      order by account_id, id`,
    events: await database.$queryRaw`
      select to_jsonb(event_row) - '{revision,recorded_at,superseded_at,run_id}'::text[] as facts
      from cdd.case_events as event_row
      join cdd.cases as case_row on case_row.account_id = event_row.account_id and case_row.id = event_row.case_id
      where event_row.superseded_at is null and case_row.missing_since is null
      order by event_row.account_id, event_row.case_id, event_row.id`,
    transitions: await database.$queryRaw`
      select to_jsonb(transition_row) - '{recorded_at,superseded_at,run_id}'::text[] as facts
      from cdd.status_transitions as transition_row
      join cdd.cases as case_row on case_row.account_id = transition_row.account_id and case_row.id = transition_row.case_id
      where transition_row.superseded_at is null and case_row.missing_since is null
      order by transition_row.account_id, transition_row.case_id, transition_row.sequence`,
    problems: await database.$queryRaw`
      select problem.account_id, problem.case_id::text, problem.path, problem.reason
      from cdd.case_problems as problem
      join cdd.cases as case_row on case_row.account_id = problem.account_id and case_row.id = problem.case_id
      where problem.superseded_at is null and case_row.missing_since is null
      order by problem.account_id, problem.case_id, problem.path, problem.reason`,
  };
}
