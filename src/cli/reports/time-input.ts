import { isDay } from '../../model/day.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { type KnownAt, readEndOf, readNow, readTime } from '../../pages/known-at.ts';
import type { Database } from '../../store/postgres/pool.ts';

/** A day as Postgres reads it. @throws UsageError for a text that is no day. */
export function readDay(text: string, option: string): string {
  const written = text.trim();
  if (isDay(written)) return written;
  throw new UsageError(`${option} needs a day such as 2026-11-03, and not ${visibleLine(text)}`);
}

/**
 * An instant: a day stands for its end, as in the reports, today for now; a time without an offset is one of the zone.
 * @throws UsageError for another text, and for a time that has not come.
 */
export async function readMoment(
  database: Database,
  { text, option, timezone }: { text: string; option: string; timezone: string },
): Promise<KnownAt> {
  const written = text.trim();
  const isWholeDay = isDay(written);
  const options = { isReadOnly: true, settings: { timezone } };
  return database.transact(async (tx) => {
    const known = isWholeDay ? await readEndOf(tx, written) : await readTime(tx, written);
    if (known === null) {
      throw new UsageError(
        `${option} needs a day (2026-11-03), a time of ${timezone} (2026-11-03 14:05) or a time with its offset (2026-11-03T13:05:00Z), and not ${visibleLine(text)}`,
      );
    }
    if (known.instant !== null) return known;
    const now = await readNow(tx);
    // The rest of today has not come either, and is not meant.
    if (isWholeDay && now.local.startsWith(written)) return now;
    throw new UsageError(`${option}: ${visibleLine(text)} has not come yet`);
  }, options);
}
