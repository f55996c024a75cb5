import type { CaseHistory } from './case-history.ts';
import { hoursBetween, type Instant } from './instant.ts';
import { isPlausible } from './plausible.ts';
import { grouped, type Row } from './row.ts';

const DAY = 24;
/** Each bucket reaches from its own hours to those of the next. */
const BUCKETS = [
  { name: '<24h', from: Number.NEGATIVE_INFINITY },
  { name: '1-2d', from: DAY },
  { name: '2-7d', from: 2 * DAY },
  { name: '1-2w', from: 7 * DAY },
  { name: '2-4w', from: 14 * DAY },
  { name: '>4w', from: 28 * DAY },
];

/** Computes the rows of reporting.open_case_aging. A case without any time that can be true counts from the run that first saved it. */
export function openCaseAging(
  histories: readonly CaseHistory[],
  { now, firstSeenAt }: { now: Instant; firstSeenAt: (history: CaseHistory) => Instant },
): Row[] {
  const open = histories.flatMap((history) => {
    const { document, status, stage, isOpen, statusSince, openedAt } = history;
    if (!isOpen) return [];
    const { accountId } = document;
    const isPast = (time: Instant | null) => time !== null && time <= now && isPlausible(time, now);
    const since = [statusSince, openedAt].find(isPast) ?? firstSeenAt(history);
    const bucket = BUCKETS.findLastIndex(({ from }) => hoursBetween(since, now) >= from);
    return [{ accountId, status, stage, since, bucket }];
  });
  return grouped(open, ({ accountId, status, bucket }) => JSON.stringify([accountId, status, bucket])).flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        {
          account_id: first.accountId,
          status: first.status,
          stage: first.stage,
          bucket: BUCKETS[first.bucket]?.name ?? null,
          bucket_order: first.bucket + 1,
          cases: group.length,
          oldest_since: Math.min(...group.map(({ since }) => since)),
        },
      ];
    },
  );
}
