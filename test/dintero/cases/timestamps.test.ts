import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTime } from '../../../src/dintero/cases/timestamps.ts';

const EXACT_FROM = Date.UTC(1685, 0);
const EXACT_UNTIL = Date.UTC(2254, 0);

describe('a time', () => {
  test('is parsed like Date does, to the millisecond', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(EXACT_FROM), max: new Date(EXACT_UNTIL), noInvalidDate: true }), (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime() * 1000);
      }),
    );
  });

  test.each([
    ['2023-11-07T05:31:56Z', 1_699_335_116_000_000],
    ['2023-11-07t05:31:56z', 1_699_335_116_000_000],
    ['2023-11-07T05:31:56.123456Z', 1_699_335_116_123_456],
    ['2023-11-07T05:31:56.1Z', 1_699_335_116_100_000],
    ['2023-11-07T07:01:56+01:30', 1_699_335_116_000_000],
    ['2023-11-06T22:31:56-07:00', 1_699_335_116_000_000],
    ['2023-11-07T21:30:56+15:59', 1_699_335_116_000_000],
    ['2023-11-07T05:31:56-00:00', 1_699_335_116_000_000],
    ['1970-01-01T00:00:00Z', 0],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000_000],
  ])('%s is %i', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  test.each([
    ['1970-01-01T00:00:00.0000004Z', 0],
    ['1970-01-01T00:00:00.0000005Z', 0],
    ['1970-01-01T00:00:00.0000015Z', 2],
    ['1970-01-01T00:00:00.0000025Z', 2],
    ['1970-01-01T00:00:00.0000006Z', 1],
    ['1970-01-01T00:00:00.9999996Z', 1_000_000],
    ['1970-01-01T00:00:00.123456789012345678901234567890Z', 123_457],
  ])('%s is rounded half to even', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  test.each([
    ['1969-12-31T23:59:60Z', 0],
    ['1969-12-31T23:59:60.5Z', 500_000],
    ['2016-12-31T23:59:60Z', 1_483_228_800_000_000],
  ])('%s, a leap second, becomes the start of the next minute', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  test.each([
    ['0001-01-01T00:00:00Z', -62_135_596_800_000_000],
    ['0099-12-31T00:00:00Z', -59_011_545_600_000_000],
    ['9999-12-31T23:59:59Z', 253_402_300_799_000_000],
  ])('%s is whole microseconds, although far from 1970', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  test('of the last microsecond of the year 9999 does not become the year 10000', () => {
    expect(parseTime('9999-12-31T23:59:59.999999Z')).toBeLessThan(253_402_300_800_000_000);
  });

  test.each([
    ['', 'nothing'],
    ['2023-11-07', 'a date'],
    ['2023-11-07T05:31:56', 'no offset'],
    ['2023-11-07 05:31:56Z', 'a space'],
    ['2023-11-07T05:31Z', 'no seconds'],
    ['2023-11-07T05:31:56+0100', 'an offset without colon'],
    ['2023-11-07T05:31:56.Z', 'an empty fraction'],
    [`2023-11-07T05:31:56.${'1'.repeat(31)}Z`, 'a fraction of 31 digits'],
    [' 2023-11-07T05:31:56Z', 'a space before'],
    ['2023-11-07T05:31:56Z\n', 'a line after'],
    ['2023-00-07T05:31:56Z', 'month 0'],
    ['2023-13-07T05:31:56Z', 'month 13'],
    ['2023-11-00T05:31:56Z', 'day 0'],
    ['2023-11-31T05:31:56Z', 'day 31 of November'],
    ['2023-02-29T05:31:56Z', 'day 29 of no leap year'],
    ['1900-02-29T05:31:56Z', 'day 29 of a century that is no leap year'],
    ['2023-11-07T24:00:00Z', 'hour 24'],
    ['2023-11-07T23:60:00Z', 'minute 60'],
    ['2023-11-07T23:59:61Z', 'second 61'],
    ['2023-11-07T05:31:56+16:00', 'an offset that Postgres refuses'],
    ['2023-11-07T05:31:56+01:60', 'an offset of 60 minutes'],
    ['0000-12-31T23:59:59Z', 'the year 0'],
    ['0001-01-01T00:00:00+00:01', 'the year 0 in UTC'],
    ['9999-12-31T23:59:59-00:01', 'the year 10000 in UTC'],
    ['9999-12-31T23:59:59.9999999Z', 'the year 10000 when rounded'],
    ['+12023-11-07T05:31:56Z', 'five digits of year'],
    ['0002012-11-07T05:31:56Z', 'seven digits of year'],
    ['2023-11-07T05:31:56ZZ', 'two offsets'],
    ['٢٠٢٣-11-07T05:31:56Z', 'digits of another script'],
  ])('%j is rejected: %s', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});
