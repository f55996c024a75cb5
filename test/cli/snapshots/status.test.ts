import type { ShownAccount, Status } from '../../../src/cli/status/read.ts';
import { statusLines } from '../../../src/cli/status/text.ts';
import { checkWords } from '../../../src/model/check-words.ts';
import { html } from '../../../src/pages/html/html.ts';
import { freshAccount, shownStatus } from '../../support/shown-status.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const at = (time: string) => new Date(`2026-11-03T${time}Z`);
const fresh = freshAccount;

const failing = {
  last_state: 'failed' as const,
  last_error_code: 'NETWORK' as const,
  failures: 2,
  failure_code: 'NETWORK' as const,
  last_error_message: `P10000002: api.test: ${ODD_TEXTS.hostile}`,
};

const accounts: ShownAccount[] = [
  fresh,
  {
    ...fresh,
    account_id: 'P10000001',
    label: ODD_TEXTS.unbroken,
    last_state: 'failed',
    last_error_code: 'AUTH',
    last_error_message: 'refused',
    last_success_at: at('09:00:00'),
    is_stale: true,
    late_by: 235,
    late_by_minutes: 235,
    refusals: 4,
    next_try_at: at('15:00:00'),
    next_run_at: at('15:00:00'),
    failures: 4,
    failure_code: 'AUTH',
  },
  { ...fresh, ...failing, account_id: 'P10000002', label: ODD_TEXTS.hostile },
  {
    ...fresh,
    account_id: 'P10000003',
    label: ODD_TEXTS.wide,
    paused_since: at('08:00:00'),
    pause_reason: ODD_TEXTS.wide,
    next_due_at: null,
    next_run_at: null,
    late_by: null,
    is_stale: false,
  },
  { ...fresh, account_id: 'T12345678', label: null, last_success_at: null, last_state: null, cases: 0, missing: 0 },
  {
    ...fresh,
    account_id: 'P10000004',
    reports_failing_since: at('12:00:00'),
    reports_error_message: ODD_TEXTS.hostile,
    unreadable_fields: 7,
    rejected: 2,
  },
];

const status: Status = {
  ...shownStatus(accounts),
  counted: accounts.slice(0, 4),
  needs: [
    {
      kind: 'act',
      words: html`P10000001 ${ODD_TEXTS.unbroken} is refused: Dintero refuses the client id or secret (AUTH).`,
      more: 'Correct them in the configuration, restart the worker, then run "cdd-sync check". It said: refused',
      links: [],
    },
    {
      kind: 'act',
      words: 'The daily and monthly figures stand still (P10000004).',
      more: html`${checkWords('reports_failed', 1).remedy}`,
      links: [],
    },
    { kind: 'look', words: html`P10000003 ${ODD_TEXTS.wide} is paused: ${ODD_TEXTS.hostile}.`, links: [] },
  ],
  counts: [
    { account_id: 'P12345678', status: 'WAITING_FOR_DECLARATION', stage: 'applicant', cases: 1_204 },
    { account_id: 'T12345678', status: 'WAITING_FOR_DECLARATION', stage: 'applicant', cases: 5 },
    { account_id: 'P12345678', status: ODD_TEXTS.unbroken, stage: 'unknown', cases: 1 },
    { account_id: 'P12345678', status: ODD_TEXTS.hostile, stage: 'unknown', cases: 2 },
    { account_id: 'P12345678', status: null, stage: null, cases: 3 },
  ],
  holds: [
    { host: 'api.test', accountId: null, until: at('13:30:00') },
    { host: 'api.test', accountId: 'P10000002', until: at('18:30:00') },
  ],
  workers: [{ host: 'worker-1', pid: 4711, startedAt: at('07:00:00') }],
  runs: [{ accountId: 'P12345678', startedAt: at('13:04:00'), heartbeatSeconds: 2 }],
};

testSnapshots('status', {
  lines: (style) => statusLines(status, { style, all: false }),
  ids: accounts.map(({ account_id }) => account_id),
});

testSnapshots('status-of-nothing', {
  lines: (style) => statusLines(shownStatus([]), { style, all: false }),
  ids: [],
});
