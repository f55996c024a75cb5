import { itemLines, rejectedLines } from '../../../src/cli/rejected/text.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const CASE = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';

const item = {
  account_id: 'P12345678',
  fingerprint: '1f0a2b3c'.padEnd(64, '4'),
  case_id: CASE,
  path: 'events[3].id',
  reason: 'is no integer',
  first_seen_at: new Date('2025-11-03T13:00:00Z'),
  last_seen_at: new Date('2026-11-03T13:00:00Z'),
  times_seen: 1_204,
  has_body: true,
};
const items = [
  item,
  { ...item, fingerprint: '2f0a2b3c'.padEnd(64, '4'), case_id: null, path: 'id', reason: ODD_TEXTS.wide },
  { ...item, path: '', reason: ODD_TEXTS.hostile },
  { ...item, reason: ODD_TEXTS.unbroken },
];

testSnapshots('rejected', {
  lines: (style) => [
    ...rejectedLines({ items, all: 200_000, clock }, style),
    '',
    ...itemLines({ ...item, reason: ODD_TEXTS.hostile, body: null }, { clock, style }),
  ],
  ids: [CASE, 'P12345678', '2f0a2b3c'],
});
