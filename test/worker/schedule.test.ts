import { beforeEach, expect, it, vi } from 'vitest';
import { runAtTimes, startSchedule } from '../../src/worker/schedule.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-10-24T23:50:00Z') });
});

/** Starts a schedule in Oslo; returns the list that its due times are added to. */
function startRecording(schedule: string): { times: string[]; stop: () => void } {
  const times: string[] = [];
  const stop = runAtTimes({ schedule, timezone: 'Europe/Oslo' }, (due) => times.push(due.toISOString().slice(11, 16)));
  return { times, stop };
}

it('a schedule goes on through the hour that is repeated, and stops when told', async () => {
  const { times, stop } = startRecording('*/15 * * * *');
  await vi.advanceTimersByTimeAsync(100 * MINUTE);
  expect(times).toEqual(['00:00', '00:15', '00:30', '00:45', '01:00', '01:15', '01:30']);
  stop();
  await vi.advanceTimersByTimeAsync(100 * MINUTE);
  expect(times).toHaveLength(7);
});

it('accounts on one schedule start within a minute of each other, for the same time', async () => {
  const started: { id: string; scheduledFor: string; delay: number }[] = [];
  const accounts = ['P00000001', 'P00000002', 'P00000003'].map((id) => ({ id, schedule: '*/15 * * * *' }));
  const stop = startSchedule(accounts, {
    timezone: 'Europe/Oslo',
    onTick: (id, due) => started.push({ id, scheduledFor: due.toISOString(), delay: Date.now() - due.getTime() }),
    log: { debug: () => {} },
  });
  await vi.advanceTimersByTimeAsync(12 * MINUTE);
  expect(started.map(({ id }) => id).sort()).toEqual(accounts.map(({ id }) => id));
  expect(new Set(started.map(({ scheduledFor }) => scheduledFor))).toEqual(new Set(['2026-10-25T00:00:00.000Z']));
  expect(Math.max(...started.map(({ delay }) => delay))).toBeLessThanOrEqual(MINUTE);
  stop();
});

it('a stopped schedule starts no account that waits for its random delay', async () => {
  const onTick = vi.fn();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const accounts = ['P00000001', 'P00000002'].map((id) => ({ id, schedule: '*/15 * * * *' }));
  const stop = startSchedule(accounts, { timezone: 'Europe/Oslo', onTick, log: { debug: () => {} } });
  await vi.advanceTimersByTimeAsync(10 * MINUTE + 1000);
  stop();
  await vi.advanceTimersByTimeAsync(30 * MINUTE);
  expect(onTick).not.toHaveBeenCalled();
});

it('a machine that slept runs once for the times that it missed', async () => {
  const { times, stop } = startRecording('*/15 * * * *');
  vi.setSystemTime(Date.parse('2026-10-25T03:05:00Z'));
  await vi.advanceTimersByTimeAsync(12 * MINUTE);
  expect(times).toEqual(['00:00', '03:15']);
  stop();
});

it('a clock that was ahead and is set right does not stop the schedule until it is there again', async () => {
  const { times, stop } = startRecording('*/15 * * * *');
  vi.setSystemTime(Date.parse('2026-10-24T20:50:00Z'));
  await vi.advanceTimersByTimeAsync(12 * MINUTE);
  expect(times).toEqual(['21:00']);
  stop();
});
