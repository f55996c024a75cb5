import { describe, expect, it } from 'vitest';
import { zoneFinding } from '../../../src/store/check/time-zone.ts';

const seconds = (time: string) => Date.parse(time) / 1000;
const winter = { seconds: seconds('2026-01-15T12:00Z'), local: seconds('2026-01-15T13:00Z') };
const summer = { seconds: seconds('2026-07-15T12:00Z'), local: seconds('2026-07-15T14:00Z') };

describe('the time zone of Postgres and Node', () => {
  it('agrees if both show the same times of day', () => {
    expect(zoneFinding('Europe/Oslo', [winter, summer])).toMatchObject({ state: 'ok' });
  });

  it('is a warning if one of them has other rules for summer time', () => {
    const withoutSummer = { ...summer, local: seconds('2026-07-15T13:00Z') };
    expect(zoneFinding('Europe/Oslo', [winter, withoutSummer])).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^Postgres and Node disagree/),
    });
  });

  it('is a problem if Postgres does not know it', () => {
    expect(zoneFinding('Europe/Oslo', [])).toMatchObject({ state: 'problem' });
  });
});
