import type { RunRow } from '../../src/model/run.ts';

/** The row of a run that read five unchanged cases, except for the changes. */
export function runRow(changes: Partial<RunRow>): RunRow {
  return {
    id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    account_id: 'P12345678',
    trigger: 'schedule',
    state: 'succeeded',
    started_at: new Date(0),
    heartbeat_at: new Date(0),
    finished_at: new Date(1500),
    complete: true,
    not_modified: false,
    cases_seen: 5,
    cases_created: 0,
    cases_updated: 0,
    cases_unchanged: 5,
    cases_missing: 0,
    cases_returned: 0,
    missing_held_back: 0,
    events_recorded: 0,
    transitions_recorded: 0,
    items_rejected: 0,
    bytes_read: 0,
    requests: 1,
    retries: 0,
    error_code: null,
    error_message: null,
    ...changes,
  };
}
