import type { Calendar } from './calendar.ts';
import { HOUR, hoursBetween } from './instant.ts';
import { mean, percentile } from './percentile.ts';
import { grouped, type Row } from './row.ts';
import { rankOf, stageOf } from './statuses.ts';
import type { Story } from './story.ts';

/** The rows of reporting.funnel_monthly. */
export function funnelMonthly(stories: readonly Story[], { monthOf }: Calendar): Row[] {
  const opened = stories.flatMap((story) =>
    story.openedAt === null ? [] : [{ story, month: monthOf(story.openedAt), openedAt: story.openedAt }],
  );
  return grouped(opened, ({ story, month }) => `${story.told.accountId} ${month}`).flatMap((cohort) => {
    const [first] = cohort;
    if (first === undefined) return [];
    const count = (isCounted: (one: (typeof cohort)[number]) => boolean) => cohort.filter(isCounted).length;
    const decided = count(({ story }) => story.decided !== null);
    const approved = count(({ story }) => story.approved !== null);
    return [
      {
        month: first.month,
        account_id: first.story.told.accountId,
        opened: cohort.length,
        reached_declaration: count(({ story }) => hasReached(story, 20)),
        reached_signature: count(({ story }) => hasReached(story, 30)),
        reached_review: count(({ story }) => hasReached(story, 40)),
        decided,
        approved,
        declined: count(({ story }) => story.declined !== null),
        still_open: count(({ story }) => story.isOpen),
        approval_rate: decided === 0 ? null : approved / decided,
        decided_within_24h: count(
          ({ story, openedAt }) => (story.decided?.at ?? Number.POSITIVE_INFINITY) - openedAt <= 24 * HOUR,
        ),
      },
    ];
  });
}

/** Whether it ever had a status of this rank or a higher one, stage closed aside. */
function hasReached({ moves }: Story, rank: number): boolean {
  return moves.some(({ to }) => stageOf(to) !== 'closed' && (rankOf(to) ?? -1) >= rank);
}

/** The rows of reporting.decision_times_monthly. */
export function decisionTimesMonthly(stories: readonly Story[], { monthOf }: Calendar): Row[] {
  const decisions = stories.flatMap(({ told: { accountId }, moves, decided, openedAt }) => {
    if (decided === null || openedAt === null) return [];
    const before = moves.filter(({ sequence }) => sequence < decided.sequence);
    const route = before.some(({ to }) => to === 'UNDER_MANUAL_REVIEW') ? 'manual' : 'automatic';
    return [{ accountId, month: monthOf(decided.at), route, hours: hoursBetween(openedAt, decided.at) }];
  });
  return grouped(decisions, (one) => `${one.accountId} ${one.month} ${one.route}`).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hours = group.map((one) => one.hours);
    return [
      {
        month: first.month,
        account_id: first.accountId,
        route: first.route,
        decided: group.length,
        p50_hours: percentile(0.5, hours),
        p90_hours: percentile(0.9, hours),
        p95_hours: percentile(0.95, hours),
        mean_hours: mean(hours),
      },
    ];
  });
}
