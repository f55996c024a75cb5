import { expect, test } from 'vitest';
import { instantText, timeText } from '../../../src/cli/terminal/time.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };

test('a time stands in the configured zone, with its age', () => {
  expect(timeText(new Date('2026-11-03T12:53:00Z'), clock)).toBe('13:53 (12 min ago)');
  expect(timeText(null, clock)).toBe('–');
});

test('the two hours of a clock change are told apart by their offsets', () => {
  expect(instantText(new Date('2026-10-25T00:30:00Z'), 'Europe/Oslo')).toBe('2026-10-25 02:30:00+02:00');
  expect(instantText(new Date('2026-10-25T01:30:00Z'), 'Europe/Oslo')).toBe('2026-10-25 02:30:00+01:00');
  expect(instantText(new Date('2026-10-25T01:30:00Z'), 'UTC')).toBe('2026-10-25 01:30:00+00:00');
});
