import { caseLines, notesOf } from '../../../src/cli/case/text.ts';
import { fitProse } from '../../../src/cli/terminal/wrap.ts';
import type { VersionRow } from '../../../src/pages/case/timeline-queries.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const CASE = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';
const at = (day: string) => new Date(`2026-11-${day}T09:30:00Z`);
const clock = { now: at('20'), timezone: 'Europe/Oslo' };

function version(happened: string, learned: string, row: Partial<VersionRow>): VersionRow {
  const recorded_at = at(learned);
  return {
    at: at(happened),
    recorded_at,
    moment: recorded_at.toISOString(),
    kind: 'event',
    title: 'event',
    from_value: null,
    to_value: null,
    event_id: null,
    run_id: null,
    superseded_at: null,
    is_known: true,
    from_status: null,
    to_status: null,
    ...row,
  };
}

const status = (from: string | null, to: string) => ({ kind: 'status', from_status: from, to_status: to });
const changed = { kind: 'changed', title: 'payout_destination_name changed' };

const versions: VersionRow[] = [
  version('01', '01', { kind: 'created', title: 'created at Dintero' }),
  version('01', '01', { ...status(null, 'WAITING_FOR_DETAILS'), event_id: '1' }),
  version('02', '02', { ...status('WAITING_FOR_DETAILS', 'ACTIVE'), event_id: '2', superseded_at: at('04') }),
  version('02', '04', { ...status('WAITING_FOR_DETAILS', 'DECLINED'), event_id: '2' }),
  version('03', '06', { ...status('DECLINED', ODD_TEXTS.hostile), event_id: '3' }),
  version('06', '06', { ...changed, from_value: ODD_TEXTS.wide, to_value: ODD_TEXTS.unbroken }),
  version('06', '06', { title: ODD_TEXTS.hostile, event_id: '4' }),
  version('07', '08', { ...status('DECLINED', 'ACTIVE'), event_id: '5', is_known: false }),
];
const stays = [
  {
    ...{ sequence: 1, event_id: '2', status: 'DECLINED', stage: 'declined', entered_at: at('02'), ended_at: null },
    ...{ hours: 10, business_hours: 4, target_hours: null, target_business_hours: null, is_current: true },
  },
];
const shown = { clock, url: new URL('http://cdd-sync/'), row: { first_seen_at: at('01') } };
const about = [`999999999 · NO · ${ODD_TEXTS.wide}`, `declined since 2 Nov · P12345678 ${ODD_TEXTS.hostile}`];

testSnapshots('case', {
  lines: (style) => [
    ...caseLines({ shown, title: ODD_TEXTS.unbroken, about: [...about, `case ${CASE}`], versions, stays }, style),
    ...notesOf(
      { instant: at('07').toISOString(), at: at('07'), local: '', twin: at('08'), isFinal: true, problem: null },
      clock,
    ).map((note) => `\n${fitProse(note, style.width)}`),
    '',
    ...caseLines({ shown, title: `Case ${CASE}`, about: ['No status yet'], versions: [], stays: [] }, style),
  ],
  ids: [CASE, 'P12345678'],
});
