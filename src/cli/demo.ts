import { openApp } from '../app.ts';
import type { DatabaseSettings } from '../config/config.ts';
import { explainOutages } from '../database-server.ts';
import type { Log } from '../log.ts';
import type { RunRow } from '../model/run.ts';
import { planRestatements, type Restatement } from '../sandbox/restatements.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import type { Database } from '../store/postgres/pool.ts';
import { runService } from '../worker/service.ts';
import { prepareDatabase } from './database.ts';
import { News, showKept, showRun } from './demo/runs.ts';
import { choosePort, demoConfig, demoHome, keepStart, readStart } from './demo/settings.ts';
import type { DemoView } from './demo/view.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Six minutes a second: a change every few seconds, so that each can be looked at. */
const HOURS_PER_SECOND = 0.1;
/** How far the world is behind at first. It catches up in twelve minutes; then its clock is the real one. */
const BEHIND_MS = 72 * HOUR_MS;
/** As many as make charts of half a year. */
const CASES_PER_ACCOUNT = 200;
/** The account with late and corrected events. */
const RESTATED_ACCOUNT = 'P12345678';

/**
 * Runs sandbox, embedded Postgres and worker in one process until the signal aborts. Ignores DATABASE_URL and uses a
 * database of its own, so that made-up cases never get among real ones.
 */
export async function runDemo(
  settings: DatabaseSettings,
  { log, signal, view }: { log: Log; signal: AbortSignal; view: DemoView },
): Promise<void> {
  view.starting();
  signal.addEventListener('abort', () => view.stopping());
  const home = demoHome(settings);
  const oldestStart = Date.now() - BEHIND_MS;
  const start = (await readStart(home)) ?? new Date(oldestStart).toISOString();
  {
    const news = new News();
    // The world stands still until its lists were read, so that every later change is news to the worker.
    let isRead = false;
    const notAfter = () => (isRead ? Date.now() : Number.NEGATIVE_INFINITY);
    await using sandbox = await startWorld(start, notAfter, (restatement) => news.add(restatement));
    const config = demoConfig({ url: sandbox.url }, { ...settings, databaseUrl: null, home });
    await using app = await openApp(config, log, { alternative: '' });
    const { url: databaseUrl, database } = app;
    await keepStart(home, start);
    const onRun = (row: RunRow) => {
      isRead ||= row.account_id === RESTATED_ACCOUNT;
      void showRun(row, { database, view, news, log });
    };
    await explainOutages(app, async () => {
      // Nobody else uses this database, and a developer may undo a change of a view.
      await prepareDatabase(app, config, log, { mayGoBack: true });
      await catchUp(sandbox, database, oldestStart);
      // Only now, because another program may take a port that was free some seconds ago.
      const { port, note } = await choosePort();
      const onListening = (pages: string) => {
        view.listening({ pages, note, sandbox: sandbox.url, databaseUrl });
        void showKept({ database, view, log });
      };
      const withPort = { ...config, server: { ...config.server, port } };
      await runService({ config: withPort, app, log, signal, onRun, onListening });
    });
  }
  view.stopped();
}

function startWorld(start: string, notAfter: () => number, tell: (restatement: Restatement) => void): Promise<Sandbox> {
  return startSandbox({
    start,
    hoursPerSecond: HOURS_PER_SECOND,
    notAfter,
    casesPerAccount: CASES_PER_ACCOUNT,
    hasReapplications: true,
    prepare: (world) => planRestatements(world, { accountId: RESTATED_ACCOUNT, start }, tell),
  });
}

/**
 * Sets a restarted sandbox's clock to the newest change in the database, so that no case seems to disappear and no
 * restatement to be taken back; after a long pause to `notBefore`, so that the reports are not of a time long ago.
 */
async function catchUp({ world }: Sandbox, database: Database, notBefore: number): Promise<void> {
  const events = await database.eventRevision.aggregate({ _max: { occurredAt: true } });
  const cases = await database.case.aggregate({ _max: { updatedAt: true } });
  const newest = Math.max(events._max.occurredAt?.getTime() ?? 0, cases._max.updatedAt?.getTime() ?? 0);
  // Some documents have times without milliseconds.
  const target = newest === 0 ? 0 : Math.max(newest + SECOND_MS, notBefore);
  world.advance({ hours: Math.max(0, target - Date.parse(world.now())) / HOUR_MS });
}
