import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { ParquetEncoder } from '../../../src/cli/export/parquet.ts';
import { fieldsOf } from '../../../src/cli/reports/cells.ts';

const DAY = 86_400;

/** Days, and seconds with a fraction, since 1970: computed by Postgres (`extract(epoch from …)`). */
const TIMES: [day: string, days: number | null, time: string, micros: bigint | null][] = [
  ['2026-11-03', 20_760, '2026-11-03 14:05:09.123456+00', 1_793_714_709_123_456n],
  ['1969-12-31', -1, '1969-12-31 23:59:59.5+00', -500_000n],
  ['10000-01-01', 2_932_897, '10000-01-01 00:00:00+00', BigInt(2_932_897 * DAY) * 1_000_000n],
  ['0001-12-31 BC', -719_163, '0001-12-31 00:00:01+00 BC', BigInt(-719_163 * DAY + 1) * 1_000_000n],
  ['0044-03-15 BC', -735_160, '0044-03-15 00:00:00+00 BC', BigInt(-735_160 * DAY) * 1_000_000n],
  ['infinity', null, 'infinity', null],
  ['-infinity', null, '-infinity', null],
];

test('days and times before Christ and after the year 9999 are those of Postgres, and infinity is empty', async () => {
  const encoder = new ParquetEncoder(
    fieldsOf([
      { name: 'day', type: 'date' },
      { name: 'at', type: 'timestamp with time zone' },
    ]),
  );
  const parts = [encoder.begin(), encoder.add(TIMES.map(([day, , at]) => ({ day, at }))), encoder.end()];
  const bytes = Buffer.concat(parts);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const asTheyAre = { dateFromDays: (days: number) => days, timestampFromMicroseconds: (micros: bigint) => micros };
  const rows = await parquetReadObjects({ file, parsers: asTheyAre as never });
  expect(rows.map(({ day, at }) => [day ?? null, at ?? null])).toEqual(TIMES.map(([, days, , at]) => [days, at]));
});
