import { apiLines } from '../../../src/cli/verify/api-text.ts';
import type { ApiComparison } from '../../../src/ledger/verify/api-comparison.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const caseId = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';
const none = { total: 0, kept: [] };

const equal: ApiComparison = {
  accountId: 'P12345678',
  listed: 1_203,
  rejected: 0,
  isFiltered: false,
  lastRunAt: new Date('2026-11-03T12:45:00Z'),
  differing: none,
  changedSince: none,
  isUnrecognized: false,
  rollUps: none,
  error: null,
};
const changed: ApiComparison = {
  ...equal,
  changedSince: { total: 1, kept: [{ caseId, fields: ['events[id=17] (not in the tables)', 'transition 4'] }] },
};
const unread: ApiComparison = { ...equal, accountId: 'P11100000', isFiltered: true, lastRunAt: null, rollUps: null };
const wrong: ApiComparison = {
  ...equal,
  accountId: 'T12345678',
  rejected: 1,
  differing: {
    total: 1_300,
    kept: [
      { caseId, fields: ['case_for.payout_reference', 'transition 2'] },
      { caseId, fields: [ODD_TEXTS.hostile, ODD_TEXTS.wide] },
    ],
  },
  changedSince: { total: 2, kept: [{ caseId, fields: ['not in the list'] }] },
  isUnrecognized: true,
  rollUps: { total: 1, kept: [{ table: 'flow_days', row: '2026-10-31' }] },
  error: 'T12345678: GET /accounts/T12345678/management/settings/cdd/cases answered 500. The API has trouble.',
};

testSnapshots('verify-api', {
  ids: [caseId],
  lines: (style) =>
    [[], [equal, changed], [unread, wrong]].flatMap((compared) => [
      ...apiLines(compared, { clock, style, isAll: false }),
      '',
    ]),
});
