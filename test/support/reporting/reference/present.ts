import { hoursBetween, type Instant } from './instant.ts';
import { percentile } from './percentile.ts';
import { grouped, type Row } from './row.ts';
import type { Story } from './story.ts';

/** The rows of reporting.transition_matrix. */
export function transitionMatrix(stories: readonly Story[]): Row[] {
  const changes = stories.flatMap(({ told: { accountId }, moves, stays }) =>
    moves.map(({ from, to }, index) => ({ accountId, from, to, hours: stays[index - 1]?.hours })),
  );
  return grouped(changes, ({ accountId, from, to }) => `${accountId} ${from} ${to}`).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hours = group.flatMap((one) => one.hours ?? []);
    return [
      {
        account_id: first.accountId,
        from_status: first.from,
        to_status: first.to,
        transitions: group.length,
        median_hours: percentile(0.5, hours),
        p90_hours: percentile(0.9, hours),
      },
    ];
  });
}

const DAY = 24;
/** By the hours at which they begin. */
const BUCKETS = [
  { name: '<24h', from: Number.NEGATIVE_INFINITY },
  { name: '1-2d', from: DAY },
  { name: '2-7d', from: 2 * DAY },
  { name: '1-2w', from: 7 * DAY },
  { name: '2-4w', from: 14 * DAY },
  { name: '>4w', from: 28 * DAY },
];

/** The rows of reporting.open_case_aging. A case of which no time is told is as old as our knowledge of it. */
export function openCaseAging(
  stories: readonly Story[],
  { now, firstSeenAt }: { now: Instant; firstSeenAt: (story: Story) => Instant },
): Row[] {
  const open = stories.flatMap((story) => {
    const { told, status, stage, isOpen, statusSince, openedAt } = story;
    if (!isOpen) return [];
    const { accountId } = told;
    const since = statusSince ?? openedAt ?? firstSeenAt(story);
    const bucket = BUCKETS.findLastIndex(({ from }) => hoursBetween(since, now) >= from);
    return [{ accountId, status, stage, since, bucket }];
  });
  return grouped(open, ({ accountId, status, bucket }) => `${accountId} ${status} ${bucket}`).flatMap((group) => {
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
  });
}
