import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.ts';

const NOW = Date.UTC(2026, 5, 1);
const waitFor = (retryAfter: string, date = '') => retryAfterMs({ retryAfter, date }, NOW);

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['seconds with spaces', ' 120 ', 120_000],
    ['a fraction of seconds', '1.5', 1500],
    ['more seconds than a number holds', '9'.repeat(400), Number.POSITIVE_INFINITY],
    ['a date', 'Mon, 01 Jun 2026 00:03:00 GMT', 180_000],
    ['a date of RFC 850', 'Monday, 01-Jun-26 00:03:00 GMT', 180_000],
    ['a date of asctime, which has no zone', 'Mon Jun  1 00:03:00 2026', 180_000],
    ['an ISO date', '2026-06-01T02:03:00+02:00', 180_000],
  ])('is read: %s', (_what, header, ms) => {
    expect(waitFor(header)).toBe(ms);
  });

  test.each([
    ['zero', '0'],
    ['a negative number', '-5'],
    ['an exponent', '1e12'],
    ['a hexadecimal number', '0x10'],
    ['a unit', '120 s'],
    ['two values', '120, 120'],
    ['a word', 'soon'],
    ['a word and a number that the engine takes for a year', 'try again in 2090'],
    ['a year', '2090-01-01'],
    ['a date that does not exist', 'Mon, 99 Jun 2026 00:03:00 GMT'],
    ['a date in the past', 'Mon, 01 Jan 2001 00:00:00 GMT'],
    ['nothing', ''],
  ])('is no wait: %s', (_what, header) => {
    expect(waitFor(header)).toBe(0);
  });

  test('as a date counts from the date of the response, whatever our own clock says', () => {
    const until = 'Thu, 01 Jan 2037 00:02:00 GMT';
    expect(waitFor(until, 'Thu, 01 Jan 2037 00:00:00 GMT')).toBe(120_000);
    expect(waitFor('Mon, 01 Jan 2001 00:02:00 GMT', 'Mon, 01 Jan 2001 00:00:00 GMT')).toBe(120_000);
    expect(waitFor('Mon, 01 Jun 2026 00:02:00 GMT', 'yesterday')).toBe(120_000);
    expect(waitFor('60', 'Thu, 01 Jan 2037 00:00:00 GMT')).toBe(60_000);
  });
});
