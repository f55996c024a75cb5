import { describe, expect, it } from 'vitest';
import { entriesOf, fieldsKnown, isLate, routesOf, targetState } from '../../../src/pages/case/entries.ts';
import type { StayRow } from '../../../src/pages/case/queries.ts';
import type { VersionRow } from '../../../src/pages/case/timeline-queries.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.parse('2026-11-01T08:00:00Z');

/** A row of case_timeline; `at` and `learned` in hours. */
function version(at: number, learned: number, row: Partial<VersionRow> = {}): VersionRow {
  const recorded_at = new Date(start + learned * HOUR);
  return {
    at: new Date(start + at * HOUR),
    recorded_at,
    moment: recorded_at.toISOString(),
    kind: 'status',
    title: '',
    from_value: null,
    to_value: null,
    event_id: '1',
    run_id: null,
    superseded_at: null,
    is_known: true,
    from_status: null,
    to_status: 'ACTIVE',
    ...row,
  };
}

function stay(status: string, stage: string, row: Partial<StayRow> = {}): StayRow {
  return {
    sequence: 1,
    event_id: status,
    status,
    stage,
    entered_at: new Date(start),
    ended_at: null,
    hours: 10,
    business_hours: 4,
    target_hours: null,
    target_business_hours: null,
    is_current: true,
    ...row,
  };
}

describe('the entries of a timeline', () => {
  it('are one for each event, with what was believed before', () => {
    const first = version(1, 2);
    const corrected = version(3, 5, { kind: 'corrected' });
    const other = version(2, 2, { event_id: '2' });
    const [last, earliest] = entriesOf([first, other, corrected]);
    expect(last).toEqual({ main: corrected, earlier: [first], later: [], isKnown: true });
    expect(earliest?.main).toBe(other);
  });

  it('show what was believed, and beside it what was not known yet', () => {
    const first = version(1, 2);
    const corrected = version(3, 5, { kind: 'corrected', is_known: false });
    const unknown = version(4, 6, { event_id: '2', is_known: false });
    expect(entriesOf([first, corrected, unknown])).toEqual([
      { main: unknown, earlier: [], later: [], isKnown: false },
      { main: first, earlier: [], later: [corrected], isKnown: true },
    ]);
  });

  it('keep rows apart that are about no event, or about a problem of one', () => {
    const problem = { kind: 'problem', to_status: null };
    const rows = [version(1, 1, problem), version(1, 1, problem), version(1, 1, { kind: 'changed', event_id: null })];
    expect(entriesOf(rows)).toHaveLength(3);
  });
});

describe('a thing', () => {
  it('is late if it was learned more than a day after it happened, but not when the case was first read', () => {
    const firstSeen = new Date(start);
    expect(isLate(version(0, 24), firstSeen)).toBe(false);
    expect(isLate(version(0, 24.001), firstSeen)).toBe(true);
    expect(isLate(version(-100, 0), firstSeen)).toBe(false);
  });
});

describe('a decision', () => {
  it('is manual if a person looked since the one before', () => {
    const stays = [
      stay('UNDER_MANUAL_REVIEW', 'review'),
      stay('ACTIVE', 'approved'),
      stay('AUTOMATIC_REVIEW', 'review'),
      stay('DECLINED', 'declined'),
    ];
    expect([...routesOf(stays)]).toEqual([
      ['ACTIVE', 'manual'],
      ['DECLINED', 'automatic'],
    ]);
  });
});

describe('a target', () => {
  const judged = (row: Partial<StayRow>) => targetState(stay('X', 'review', row));
  const ended_at = new Date(start + DAY);

  it('is judged by hours, or by business hours if it is in those', () => {
    expect(judged({})).toBeNull();
    expect(judged({ target_hours: 20 })).toBe('running');
    expect(judged({ target_hours: 12 })).toBe('due_soon');
    expect(judged({ target_hours: 9 })).toBe('breached');
    expect(judged({ target_hours: 10, ended_at })).toBe('met');
    expect(judged({ target_business_hours: 3, ended_at })).toBe('breached');
    expect(judged({ target_business_hours: 4, ended_at })).toBe('met');
    expect(judged({ target_business_hours: 4, business_hours: null })).toBeNull();
  });
});

describe('the fields of a case', () => {
  it('have the value before the earliest change that was not known yet', () => {
    const changes = [
      { field: 'package', old_value: 'a', is_known: true },
      { field: 'package', old_value: 'b', is_known: false },
      { field: 'package', old_value: 'c', is_known: false },
      { field: 'updated_at', old_value: 'x', is_known: false },
    ];
    expect(fieldsKnown({ package: 'd', country_code: 'NO' }, changes)).toEqual({ package: 'b', country_code: 'NO' });
  });
});
