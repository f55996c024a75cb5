import { join } from 'node:path';
import { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import type { RunRow } from '../model/run.ts';
import { sandboxCredentials } from '../sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { migrate } from '../store/migrate/migrate.ts';
import type { Database } from '../store/postgres/pool.ts';
import { applyReportSettings } from '../store/reports/settings.ts';
import { transitionsOfRun } from '../store/runs/status.ts';
import { runService } from '../worker/service.ts';

type Settings = Pick<Config, 'databaseUrl' | 'home' | 'logLevel'>;
type Surroundings = { log: Log; signal: AbortSignal; print: (line: string) => void };

const HOURS_PER_SECOND = 3;
/** Always the same, so that a demo which is started again goes on with the same cases. */
const START = '2026-01-05T06:00:00.000Z';
const TRANSITIONS_SHOWN = 5;

/**
 * Sandbox, embedded Postgres and worker in one process, until the signal aborts. It has a home and a database of its
 * own, whatever DATABASE_URL says: made-up cases must not end up among real ones.
 */
export async function runDemo(settings: Settings, { log, signal, print }: Surroundings): Promise<number> {
  const sandbox = await startSandbox({ start: START, hoursPerSecond: HOURS_PER_SECOND, notAfter: Date.now });
  try {
    const config = demoConfig(sandbox, { ...settings, databaseUrl: null, home: join(settings.home, 'demo') });
    print(`sandbox   ${sandbox.url}, its clock runs ${HOURS_PER_SECOND} hours a second`);
    print('database  starting …');
    const opened = await openParts(config, log);
    const { url, database } = opened;
    try {
      await migrate(url);
      await applyReportSettings(database, config);
      await catchUp(sandbox, database);
      print(`database  ${url}`);
      print('look      in another terminal:');
      print(`          psql '${url}' -c 'select status, cases, oldest_since from reporting.open_case_aging'`);
      print(`          psql '${url}' -c 'select * from reporting.funnel_monthly order by month'`);
      print('stop      Ctrl-C; the database is kept, and goes on next time\n');
      const onRun = (row: RunRow) =>
        void describe(row, { database, print }).catch((err: unknown) => log.error({ err }));
      await runService({ config, opened, log, signal, onRun });
    } finally {
      await opened.close();
    }
  } finally {
    await sandbox.close();
  }
  print('stopped');
  return 0;
}

/** Brings the sandbox to where the database has seen it, lest its cases seem to vanish. */
async function catchUp(sandbox: Sandbox, database: Database): Promise<void> {
  const { _max } = await database.eventRevision.aggregate({ _max: { occurredAt: true } });
  const seen = _max.occurredAt?.getTime() ?? 0;
  sandbox.world.advance({ hours: Math.max(0, seen - Date.parse(sandbox.world.now())) / 3_600_000 });
}

async function describe(row: RunRow, { database, print }: { database: Database; print: Surroundings['print'] }) {
  const changes = [
    row.cases_created > 0 ? `${row.cases_created} new` : '',
    row.cases_updated > 0 ? `${row.cases_updated} changed` : '',
    row.items_rejected > 0 ? `${row.items_rejected} rejected` : '',
  ].filter((text) => text !== '');
  if (changes.length === 0) return;
  const moved = await transitionsOfRun(database, {
    accountId: row.account_id,
    runId: row.id,
    limit: TRANSITIONS_SHOWN,
  });
  const time = row.started_at.toISOString().slice(11, 19);
  const unshown = row.transitions_recorded - moved.length;
  print(
    [
      `${time}  ${row.account_id}  ${row.cases_seen} cases read: ${changes.join(', ')}`,
      ...moved.map(({ name, from_status: from, to_status: to }) => {
        return `          ${(name ?? '(no name)').padEnd(34)} ${from === null ? '' : `${from} → `}${to}`;
      }),
      ...(unshown > 0 ? [`          … and ${unshown} transitions more`] : []),
    ].join('\n'),
  );
}

function demoConfig(sandbox: Sandbox, settings: Settings): Config {
  const partnerId = 'P11200000';
  const own = ['P12345678', 'T12345678'].map((id) => account(id, { kind: 'client', ...sandboxCredentials(id) }));
  const merchants = ['P11200001', 'P11200002'].map((id) =>
    account(id, { kind: 'partner', partnerId, audience: 'partner', ...sandboxCredentials(partnerId) }),
  );
  return {
    ...settings,
    schedule: '*/2 * * * * *',
    timezone: 'Europe/Oslo',
    concurrency: 4,
    personalData: 'keep',
    missingGuard: { ratio: 0.2, atLeast: 10 },
    statusTargets: { UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: 336 },
    retention: { rejectedDays: 90, runDays: 365 },
    api: { baseUrl: sandbox.url, audienceBase: `${sandbox.url}/accounts`, timeoutSeconds: 60, maxItemMegabytes: 16 },
    // Any free port: a worker may be using the usual one.
    server: { host: '127.0.0.1', port: 0 },
    partners: [],
    accounts: [...own, ...merchants],
    warnings: [],
  };
}

function account(id: string, credentials: Account['credentials']): Account {
  return {
    id,
    label: null,
    schedule: '*/2 * * * * *',
    credentials,
    filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
    includeContracts: false,
    webhookSecret: null,
  };
}
