import { expect, test } from 'vitest';
import { CaseOutcomes } from '../../src/sync/case-outcomes.ts';

test('a case counts once, by its greatest outcome, and as returned besides', () => {
  const outcomes = new CaseOutcomes();
  outcomes.recordReturn(0);
  for (const outcome of ['unchanged', 'updated', 'unchanged'] as const) outcomes.record(0, outcome);
  outcomes.record(5000, 'created');
  expect(outcomes.count()).toEqual({ created: 1, updated: 1, unchanged: 0, returned: 1 });
});

test('a case that returned without an outcome, because it was rejected, counts nowhere', () => {
  const outcomes = new CaseOutcomes();
  outcomes.recordReturn(0);
  expect(outcomes.count()).toEqual({ created: 0, updated: 0, unchanged: 0, returned: 0 });
});
