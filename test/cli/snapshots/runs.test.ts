import { runsText } from '../../../src/cli/runs-text.ts';
import { progressLines } from '../../../src/cli/sync/progress-lines.ts';
import { noProgress } from '../../support/progress.ts';
import { runRow } from '../../support/run-row.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const rows = [
  runRow({
    account_id: 'P12345678',
    cases_seen: 61_204,
    cases_created: 12,
    cases_updated: 345,
    cases_unchanged: 60_847,
  }),
  runRow({ account_id: 'P10000001', not_modified: true, cases_seen: 0, cases_unchanged: 0 }),
  runRow({ account_id: 'P10000002', state: 'failed', complete: false, error_code: 'NETWORK', error_message: 'gone' }),
  runRow({ account_id: 'P10000003', state: 'failed', complete: false, error_code: 'NETWORK', error_message: 'gone' }),
  runRow({
    account_id: 'P10000004',
    state: 'partial',
    missing_held_back: 20,
    items_rejected: 1,
    error_code: 'MASS_DISAPPEARANCE',
    error_message: `P10000004: 20 of 30 cases are not in the list any more ${ODD_TEXTS.hostile}`,
  }),
];

testSnapshots('sync', {
  lines: (style) => runsText(rows, new Map([['P10000001', 44_000]]), style),
  ids: rows.map(({ account_id }) => account_id),
});

const seen = { ...noProgress, casesUnchanged: 31_200 };

testSnapshots('sync-in-progress', {
  lines: (style) =>
    progressLines(
      [
        { id: 'P12345678', known: 61_204, phase: 'running', progress: seen, seconds: 25 },
        { id: 'P10000001', known: undefined, phase: 'running', progress: seen, seconds: 25 },
        { id: 'P10000002', known: 44_000, phase: 'ended', state: 'failed', progress: noProgress },
        { id: 'P10000003', known: 44_000, phase: 'ended', state: 'succeeded', progress: seen },
        { id: 'P10000004', known: 44_000, phase: 'locked' },
        { id: 'P10000005', known: 44_000, phase: 'queued' },
      ],
      { rows: 24, style },
    ),
  ids: ['P12345678', 'P10000005'],
});
