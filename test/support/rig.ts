import { syncParts } from '../../src/app.ts';
import type { Config } from '../../src/config/config.ts';
import type { Account } from '../../src/model/account.ts';
import type { RunRow } from '../../src/model/run.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { sync } from '../../src/sync/run.ts';

export const ACCOUNT = 'P12345678';

type RigOptions = {
  sandbox?: SandboxOptions;
  personalData?: Config['personalData'];
  missingGuard?: Config['missingGuard'];
  leaseMs?: number;
  heartbeatMs?: number;
  api?: Partial<Config['api']>;
};

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** An account of the sandbox, with credentials of its own. */
export function sandboxAccount(id: string, changes: Partial<Account> = {}): Account {
  return {
    id,
    label: null,
    schedule: '* * * * *',
    credentials: { kind: 'client', ...sandboxCredentials(id) },
    filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
    includeContracts: false,
    webhookSecret: null,
    ...changes,
  };
}

/** A sandbox and the parts of a run on a database; waits between tries take no time. */
export async function createRig(database: Database, options: RigOptions = {}) {
  const sandbox = await startSandbox(options.sandbox);
  const config = {
    api: {
      baseUrl: sandbox.url,
      audienceBase: `${sandbox.url}/accounts`,
      timeoutSeconds: 300,
      maxItemMegabytes: 16,
      ...options.api,
    },
    concurrency: 4,
    personalData: options.personalData ?? 'keep',
    missingGuard: options.missingGuard ?? { ratio: 0.2, atLeast: 10 },
  };
  const waits: number[] = [];
  let waiting: () => void = () => {};
  let time = Date.now();
  const clock = {
    now: () => time,
    random: () => 0.5,
    sleep: async (ms: number) => {
      waits.push(ms);
      waiting();
      // Time passes for the database too.
      await database.$executeRaw`update cdd.api_holds set open_at = open_at - ${ms} * interval '1 millisecond'`;

      time += ms;
    },
  };
  const { dintero, ...parts } = syncParts(config, {
    database,
    clock,
    leaseMs: options.leaseMs ?? 30_000,
    heartbeatMs: options.heartbeatMs ?? 5_000,
  });
  return {
    sandbox,
    parts,
    /** What was waited between tries, in milliseconds. */
    waits,
    /** Does this whenever a run waits before it tries again. */
    onWait(work: () => void) {
      waiting = work;
    },
    /** A run that must get the account's lock, with other parts of the source where there are some. */
    async sync({
      account = sandboxAccount(ACCOUNT),
      acceptMissing = false,
      signal = new AbortController().signal,
      source = parts.source,
    } = {}): Promise<RunRow> {
      await saveAccounts(database, [account]);
      const row = await sync({ account, trigger: 'manual', acceptMissing, signal }, { ...parts, source });
      if (row === null) throw new SyncError('DATABASE', `${account.id} is locked`);
      return row;
    },
    /** Ends the rig, and fails when one of the sandbox's secrets stands in what a run said of itself. */
    async close() {
      const said = await database.$queryRaw<{ text: string }[]>`
        select error_message as text from cdd.sync_runs where error_message is not null
        union all
        select path || ' ' || reason from cdd.rejected_items`;
      const leaked = sandbox.secrets().filter((secret) => said.some(({ text }) => text.includes(secret)));
      if (leaked.length > 0) throw new Error(`secrets in messages: ${leaked.length}, in ${JSON.stringify(said)}`);
      dintero.close();
      await sandbox.close();
    },
  };
}

/** A rig whose account has been synced once; `kept` is what the tables must still give whatever comes next. */
export async function syncedRig(database: Database): Promise<{ rig: Rig; kept: Map<string, unknown> }> {
  const rig = await createRig(database);
  await rig.sync();
  return { rig, kept: await documentsOf(database) };
}

/** How many cases are missing from their lists. */
export const missingCount = (database: Database) => database.case.count({ where: { missingSince: { not: null } } });

/** Every document of an account by what was known at a time, by case id; what was absent then is not in it. */
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

/** What the sandbox's list has now, by case id. */
export function listedBy(sandbox: Sandbox, accountId = ACCOUNT): Map<string, unknown> {
  return new Map(sandbox.world.documents(accountId).map((document) => [String(document.id), document]));
}

/** A digest of every row of the tables that an unchanged list must not touch, its physical version (xmin) included. */
export async function rowVersions(database: Database): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const table of [
    'cases',
    'case_revisions',
    'event_revisions',
    'event_bodies',
    'status_transitions',
    'rejected_items',
    'case_statuses',
  ]) {
    const [row] = await database.$queryRawUnsafe<{ digest: string }[]>(
      `select md5(coalesce(string_agg(held.xmin::text || held.ctid::text, ',' order by held.ctid), '')) as digest from cdd.${table} as held`,
    );
    versions[table] = row?.digest ?? '';
  }
  return versions;
}

/** What the tables say now, history and the times of recording aside: the same for any way that led here. */
export async function currentFacts(database: Database): Promise<Record<string, unknown>> {
  return {
    cases: await database.$queryRaw`
      select to_jsonb(held) - '{first_seen_at,changed_at,missing_since,fingerprint,content_hash,status_since}'::text[] as facts
      from cdd.cases as held
      where missing_since is null
      order by account_id, id`,
    documents: await database.$queryRaw`
      select account_id, id::text, cdd.case_document(account_id, id, 'infinity') as document
      from cdd.cases
      where missing_since is null
      order by account_id, id`,
    events: await database.$queryRaw`
      select to_jsonb(told) - '{revision,recorded_at,superseded_at,run_id}'::text[] as facts
      from cdd.case_events as told
      join cdd.cases as held on held.account_id = told.account_id and held.id = told.case_id
      where told.superseded_at is null and held.missing_since is null
      order by told.account_id, told.case_id, told.id`,
    transitions: await database.$queryRaw`
      select to_jsonb(moved) - '{recorded_at,superseded_at,run_id}'::text[] as facts
      from cdd.status_transitions as moved
      join cdd.cases as held on held.account_id = moved.account_id and held.id = moved.case_id
      where moved.superseded_at is null and held.missing_since is null
      order by moved.account_id, moved.case_id, moved.sequence`,
  };
}
