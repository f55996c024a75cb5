import { describe, expect, it } from 'vitest';
import { logProblems, logRun } from '../src/log-lines.ts';
import { recordingLog } from './support/log-lines.ts';
import { runRow as row } from './support/run-row.ts';

describe('a run in the log', () => {
  it('is at debug if nothing changed, and at info with counts if something did', () => {
    const { log, lines } = recordingLog();
    logRun(log, row({}));
    logRun(log, row({ cases_updated: 2, cases_unchanged: 3 }));
    const [unchanged, changed] = lines;
    expect(unchanged).toMatchObject({ level: 20, msg: 'unchanged' });
    expect(changed).toMatchObject({ level: 30, account: 'P12345678', updated: 2, seconds: 1.5 });
    expect(changed).not.toHaveProperty('created');
  });

  it('is a warning if the run is partial, and an error with code and advice if it failed', () => {
    const { log, lines } = recordingLog();
    logRun(log, row({ state: 'partial', items_rejected: 1 }));
    logRun(log, row({ state: 'failed', error_code: 'AUTH', error_message: 'Check clientId.' }));
    const [partial, failed] = lines;
    expect(partial).toMatchObject({ level: 40, rejected: 1 });
    expect(failed).toMatchObject({ level: 50, code: 'AUTH', msg: 'Check clientId.' });
  });
});

describe('a partial run in the log', () => {
  it('says that cases were held back, and why', () => {
    const error = { error_code: 'MASS_DISAPPEARANCE', error_message: '315 of 400 cases are not in the list' } as const;
    const { log, lines } = recordingLog();
    logRun(log, row({ state: 'partial', missing_held_back: 315, ...error }));
    expect(lines[0]).toMatchObject({ level: 40, heldBack: 315, code: error.error_code, msg: error.error_message });
  });
});

describe('problems of cases in the log', () => {
  it('are one warning with their number, and with the ten most frequent paths', () => {
    const problems = new Map(Array.from({ length: 12 }, (_, index) => [`field_${index}`, index + 1]));
    const { log, lines } = recordingLog();
    logProblems(log, 'P12345678', problems.set('', 100));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 40, account: 'P12345678', problems: 178, morePaths: 3 });
    expect(lines[0]?.paths).toMatchObject({ others: 100, field_11: 12, field_3: 4 });
    expect(Object.keys(lines[0]?.paths ?? {})).toHaveLength(10);
    expect(lines[0]?.msg).toContain('reporting.case_problems');
  });
});
