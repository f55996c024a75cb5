import type { Log } from '../../log.ts';
import type { RunRow } from '../../model/run.ts';
import type { Restatement } from '../../sandbox/restatements.ts';
import { outageKind } from '../../store/postgres/outages.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { caseTotals, transitionsOfRun } from '../../store/runs/status.ts';
import type { DemoView } from './view.ts';

const TRANSITIONS_SHOWN = 5;
/** One of each kind. */
const RESTATEMENTS_SHOWN = 3;

/** The last restatements of the sandbox, while the worker has not read them. A restarted world makes all again. */
export class News {
  #waiting: { restatement: Restatement; at: number }[] = [];

  add(restatement: Restatement): void {
    this.#waiting = [...this.#waiting, { restatement, at: Date.now() }].slice(-RESTATEMENTS_SHOWN);
  }

  /** Takes those that a run of this account has read. */
  takeReadBy({ account_id: accountId, started_at: startedAt }: RunRow): Restatement[] {
    const isRead = ({ restatement, at }: { restatement: Restatement; at: number }) =>
      restatement.accountId === accountId && at <= startedAt.getTime();
    const read = this.#waiting.filter(isRead);
    this.#waiting = this.#waiting.filter((each) => !isRead(each));
    return read.map(({ restatement }) => restatement);
  }
}

type Shown = { database: Database; view: DemoView; news: News; log: Log };

/** Shows how many cases an earlier demo has left, if there was one. Never rejects. */
export async function showKept({ database, view, log }: Omit<Shown, 'news'>): Promise<void> {
  try {
    const totals = await caseTotals(database);
    if (totals.cases > 0) view.kept(totals);
  } catch (err) {
    log[outageKind(err) === null ? 'error' : 'debug']({ err }, 'the cases were not counted');
  }
}

/**
 * Shows a run that changed something, with its newest transitions and its news about the past. Never rejects. The
 * worker's watch gets an outage of Postgres from `database` and tells it, with the advice of the embedded server.
 */
export async function showRun(row: RunRow, { database, view, news, log }: Shown): Promise<void> {
  for (const restatement of news.takeReadBy(row)) view.restated(restatement);
  if (row.cases_created + row.cases_updated === 0) return;
  const { account_id: accountId, id: runId } = row;
  try {
    const newestFirst = await transitionsOfRun(database, { accountId, runId, limit: TRANSITIONS_SHOWN });
    view.ran(row, newestFirst.toReversed(), await caseTotals(database));
  } catch (err) {
    log[outageKind(err) === null ? 'error' : 'debug']({ err }, 'a run was not shown');
  }
}
