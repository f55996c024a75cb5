import { expect, test } from 'vitest';
import { accountLines } from '../../../src/cli/status/accounts-table.ts';
import type { ShownAccount } from '../../../src/cli/status/read.ts';

const NOW = new Date('2026-11-30T15:00:00Z');

const account = (label: string): ShownAccount => ({
  account_id: 'P12345678',
  label,
  account_label: label,
  enabled: true,
  paused_since: null,
  paused_by: null,
  pause_reason: null,
  last_state: 'succeeded',
  last_started_at: NOW,
  last_error_code: null,
  last_error_message: null,
  last_success_at: NOW,
  minutes_since_success: 0,
  next_due_at: NOW,
  late_by_minutes: 0,
  late_by: 0,
  is_stale: false,
  refusals: 0,
  next_try_at: null,
  cases: 1,
  missing: 0,
  rejected: 0,
  unreadable_fields: 0,
  reports_failing_since: null,
  reports_error_message: null,
});

test.each([
  ['words', 'Bakeriet på hjørnet '.repeat(500)],
  ['one word', '名'.repeat(10_000)],
  ['characters without a width', '\u202e'.repeat(10_000)],
])('a label of ten thousand characters takes a few lines: %s', (_, label) => {
  const options = { clock: { now: NOW, timezone: 'UTC' }, style: { width: 80, hasColors: false }, all: false };
  const lines = accountLines([account(label)], options).flatMap((part) => part.split('\n'));
  expect(lines.length).toBeLessThan(8);
  expect(lines.join('\n')).toContain('…');
});
