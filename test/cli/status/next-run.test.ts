import { expect, test } from 'vitest';
import { nextRunAt } from '../../../src/cli/status/next-run.ts';
import { freshAccount } from '../../support/shown-status.ts';

const at = (time: string) => new Date(`2026-11-03T${time}Z`);
const now = at('13:05:00');
const ended = { last_started_at: at('13:00:00'), last_finished_at: at('13:02:00') };
const failed = { ...freshAccount, ...ended, last_state: 'failed' as const, next_due_at: at('12:10:00') };
const hold = { host: 'api.test', accountId: null, until: at('14:03:00') };
const next = (account: typeof freshAccount, holds = [] as (typeof hold)[]) => nextRunAt(account, { holds, now });

test.each([
  ['after a run that failed or was partial, the next time of its schedule', next(failed), '13:10:00'],
  ['after a success, the same', next({ ...failed, next_due_at: at('13:10:00') }), '13:10:00'],
  ['during a run, the time after it', next({ ...failed, last_state: 'running', last_finished_at: null }), '13:10:00'],
  ['after the pause of the circuit breaker', next({ ...failed, next_try_at: at('13:41:00') }), '13:50:00'],
  ['after a hold of the API', next(failed, [hold]), '14:10:00'],
  ['in the past if no worker ran it then', next({ ...failed, last_finished_at: at('12:02:00') }), '12:10:00'],
  ['at once if it was never read', next({ ...failed, last_started_at: null, next_due_at: at('13:04:00') }), '13:04:00'],
])('the next run is due %s', (_, result, time) => {
  expect(result).toEqual(at(time));
});

test('nothing is due of an account that is paused or disabled', () => {
  expect(next({ ...failed, next_due_at: null })).toBeNull();
});
