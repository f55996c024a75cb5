import { join } from 'node:path';
import { openApp } from '../app.ts';
import { type Config, configFromContent, type DatabaseSettings } from '../config/config.ts';
import { counted } from '../model/counted.ts';
import type { RunRow } from '../model/run.ts';
import { visibleLine } from '../model/visible-text.ts';
import { sandboxCredentials } from '../sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import type { Database } from '../store/postgres/pool.ts';
import { type RecordedTransition, transitionsOfRun } from '../store/runs/status.ts';
import { runService } from '../worker/service.ts';
import { prepareDatabase } from './database.ts';
import type { CommandContext } from './process-context.ts';

const HOURS_PER_SECOND = 3;
/** Fixed, so that a restarted demo continues with the same cases. */
const START = '2026-01-05T06:00:00.000Z';
const TRANSITIONS_SHOWN = 5;
/** Their results fit a terminal of 80 columns. */
const QUERIES = [
  'select account_id, status, cases, oldest_since from reporting.open_case_aging',
  'select month, account_id, opened, decided, approved from reporting.funnel_monthly order by 1, 2',
];

/**
 * Runs sandbox, embedded Postgres and worker in one process until the signal aborts. Ignores DATABASE_URL and uses a
 * database of its own, so that made-up cases never get among real ones.
 */
export async function runDemo(settings: DatabaseSettings, { log, signal, print }: CommandContext): Promise<void> {
  {
    await using sandbox = await startSandbox({ start: START, hoursPerSecond: HOURS_PER_SECOND, notAfter: Date.now });
    const config = demoConfig(sandbox, { ...settings, databaseUrl: null, home: join(settings.home, 'demo') });
    print(`sandbox   ${sandbox.url}, its clock runs ${HOURS_PER_SECOND} hours a second`);
    print('database  starting …');
    await using app = await openApp(config, log, { alternative: '' });
    const { url, database } = app;
    // Nobody else uses this database, and a developer may undo a change of a view.
    await prepareDatabase(app, config, log, { mayGoBack: true });
    await advanceToLastEvent(sandbox, database);
    print(`database  ${url}`);
    print('look      in another terminal:');
    for (const query of QUERIES) print(`psql '${url}' -c '${query}'`);
    print('stop      Ctrl-C; the database is kept, and goes on next time\n');
    const onRun = (row: RunRow) => void printRun(row, { database, print }).catch((err: unknown) => log.error({ err }));
    await runService({ config, app, log, signal, onRun });
  }
  print('stopped');
}

/** Sets a restarted sandbox's clock to the newest event in the database, so that no case seems to disappear. */
async function advanceToLastEvent(sandbox: Sandbox, database: Database): Promise<void> {
  const { _max } = await database.eventRevision.aggregate({ _max: { occurredAt: true } });
  const newest = _max.occurredAt?.getTime() ?? 0;
  sandbox.world.advance({ hours: Math.max(0, newest - Date.parse(sandbox.world.now())) / 3_600_000 });
}

/** Prints a run that changed something, and the newest of its transitions. */
async function printRun(row: RunRow, { database, print }: { database: Database } & Pick<CommandContext, 'print'>) {
  if (row.cases_created + row.cases_updated + row.items_rejected === 0) return;
  const newestFirst = await transitionsOfRun(database, {
    accountId: row.account_id,
    runId: row.id,
    limit: TRANSITIONS_SHOWN,
  });
  print(runLines(row, newestFirst.toReversed()).join('\n'));
}

type DemoRun = Pick<
  RunRow,
  | 'account_id'
  | 'started_at'
  | 'cases_seen'
  | 'cases_created'
  | 'cases_updated'
  | 'items_rejected'
  | 'transitions_recorded'
>;

/** A run and the last of its transitions, oldest first, in lines that fit a terminal of 80 columns. */
export function runLines(row: DemoRun, transitions: readonly RecordedTransition[]): string[] {
  const changes = [
    row.cases_created > 0 ? `${row.cases_created} new` : '',
    row.cases_updated > 0 ? `${row.cases_updated} changed` : '',
    row.items_rejected > 0 ? `${row.items_rejected} rejected` : '',
  ].filter((text) => text !== '');
  const time = row.started_at.toISOString().slice(11, 19);
  const hidden = row.transitions_recorded - transitions.length;
  return [
    `${time}  ${row.account_id}  ${counted(row.cases_seen, 'case')} read: ${changes.join(', ')}`,
    ...(hidden > 0 ? [`  … ${hidden} earlier`] : []),
    ...transitions.map(({ name, from_status: from, to_status: to }) => {
      return visibleLine(`  ${(name ?? '(no name)').padEnd(28)} ${from === null ? '' : `${from} → `}${to}`);
    }),
  ];
}

function demoConfig(sandbox: Sandbox, settings: DatabaseSettings): Config {
  const partnerId = 'P11200000';
  const client = (id: string) => ({ id, ...sandboxCredentials(id) });
  return configFromContent(
    {
      // Every two seconds.
      schedule: '*/2 * * * * *',
      statusTargets: { UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: 336 },
      api: { baseUrl: sandbox.url },
      // Any free port, because a worker may be using the default one.
      server: { port: 0 },
      partners: [client(partnerId)],
      accounts: [
        client('P12345678'),
        client('T12345678'),
        { id: 'P11200001', partner: partnerId },
        { id: 'P11200002', partner: partnerId },
      ],
    },
    settings,
  );
}
