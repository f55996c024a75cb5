import { describe, expect, it } from 'vitest';
import { runLines } from '../../../src/cli/demo/lines.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../../support/hostile-text.ts';

const run = {
  account_id: 'P12345678',
  started_at: new Date('2026-01-05T06:00:00.000Z'),
  cases_seen: 100_000,
  cases_created: 1,
  cases_updated: 1,
  items_rejected: 0,
  transitions_recorded: 3,
};
const occurred_at = run.started_at;

describe('a run that the demo prints', () => {
  it('fits a terminal of 80 columns with the longest statuses', () => {
    const longest = { from_status: 'PENDING_REGISTRY_UPDATE', to_status: 'WAITING_FOR_DECLARATION', occurred_at };
    const lines = runLines(run, [
      { ...longest, name: null },
      { ...longest, name: 'Langstrand Kaffebrenneri ANS' },
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(Object.entries(HOSTILE_TEXTS))('has one line a transition, and shows %s escaped', (_name, text) => {
    const lines = runLines(run, [{ name: text, from_status: text, to_status: text, occurred_at }]);
    expect(lines).toHaveLength(3);
    expect(lines.filter((line) => line.includes('\n') || !isSafeToShow(line))).toEqual([]);
  });

  it('keeps the order of its transitions, and says first how many are not shown', () => {
    const lines = runLines(run, [
      { name: 'Furulund Eiendom AS', from_status: null, to_status: 'WAITING_FOR_DETAILS', occurred_at },
      { name: null, from_status: 'WAITING_FOR_DETAILS', to_status: 'WAITING_FOR_DECLARATION', occurred_at },
    ]);
    expect(lines).toEqual([
      '06:00:00  P12345678  100000 cases read: 1 new, 1 changed',
      '  … 1 earlier',
      '  Furulund Eiendom AS          WAITING_FOR_DETAILS',
      '  (no name)                    WAITING_FOR_DETAILS → WAITING_FOR_DECLARATION',
    ]);
  });
});
