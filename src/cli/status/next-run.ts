import type { Hold } from '../../model/hold.ts';
import { dueAfter } from '../../schedule/staleness.ts';
import type { AccountStatus } from '../../store/runs/status.ts';

type RunFacts = Pick<
  AccountStatus,
  | 'account_id'
  | 'next_due_at'
  | 'last_started_at'
  | 'last_finished_at'
  | 'last_state'
  | 'next_try_at'
  | 'schedule'
  | 'schedule_timezone'
>;

/**
 * When a worker runs the account next: the first time of its schedule after its last run, successful or not, at which
 * neither the circuit breaker nor a hold of the API stops it. In the past if no worker ran it then; null if it is not
 * read. `next_due_at` counts from the last success, so for an account that fails it is always in the past.
 */
export function nextRunAt(account: RunFacts, { holds, now }: { holds: readonly Hold[]; now: Date }): Date | null {
  const { account_id: id, next_due_at: due, schedule, schedule_timezone: timezone } = account;
  const { last_started_at: started, last_finished_at: finished, next_try_at: tryAt } = account;
  if (due === null || started === null || schedule === null || timezone === null) return due;
  const ended = account.last_state === 'running' ? now : (finished ?? started);
  const waits = holds.filter(({ accountId }) => accountId === null || accountId === id).map(({ until }) => until);
  const from = [ended, ...(tryAt === null ? [] : [tryAt]), ...waits].map((at) => at.getTime());
  return dueAfter({ schedule, timezone }, new Date(Math.max(...from)));
}
