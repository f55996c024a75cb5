import type { ShownAccount, Status } from '../../src/cli/status/read.ts';

const at = (time: string) => new Date(`2026-11-03T${time}Z`);

/** An account that is fresh. */
export const freshAccount: ShownAccount = {
  account_id: 'P12345678',
  label: 'Acme Norge',
  account_label: 'Acme Norge',
  enabled: true,
  paused_since: null,
  pause_reason: null,
  paused_by: null,
  last_state: 'succeeded',
  last_started_at: at('13:00:00'),
  last_finished_at: at('13:00:12'),
  last_error_code: null,
  last_error_message: null,
  failures: 0,
  failure_code: null,
  last_success_at: at('13:00:12'),
  minutes_since_success: 4.8,
  next_due_at: at('13:10:00'),
  late_by_minutes: 0,
  late_by: 0,
  next_run_at: at('13:10:00'),
  is_stale: false,
  refusals: 0,
  next_try_at: null,
  schedule: '*/10 * * * *',
  schedule_timezone: 'Europe/Oslo',
  cases: 61_204,
  missing: 3,
  rejected: 0,
  unreadable_fields: 0,
  reports_failing_since: null,
  reports_error_message: null,
};

/** The status of these accounts, with nothing else to tell. */
export function shownStatus(accounts: readonly ShownAccount[]): Status {
  const clock = { now: at('13:05:00'), timezone: 'Europe/Oslo' };
  return {
    clock,
    accounts,
    counted: accounts,
    needs: [],
    counts: [],
    holds: [],
    workers: [],
    runs: [],
    limitedRole: null,
  };
}
