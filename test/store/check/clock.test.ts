import { describe, expect, it } from 'vitest';
import { clockFinding } from '../../../src/store/check/clock.ts';

describe('the comparison of two clocks', () => {
  it.each([
    [0, 'ok', /agree/],
    [4_900, 'ok', /agree/],
    [-4_900, 'ok', /agree/],
    [5_100, 'warning', /of the database is 5 s ahead of this machine's/],
    [-59_000, 'warning', /of the database is 59 s behind this machine's/],
    [61_000, 'problem', /61 s ahead of/],
    [-3_600_000, 'problem', /3600 s behind/],
  ])('of %i ms is %s', (aheadMs, state, message) => {
    expect(clockFinding('clock', 'the database', aheadMs)).toMatchObject({
      state,
      message: expect.stringMatching(message),
    });
  });
});
