import type { Calendar } from './calendar.ts';
import type { CaseHistory } from './case-history.ts';
import { HOUR, hoursBetween } from './instant.ts';
import { mean, percentile } from './percentile.ts';
import { grouped, type Row } from './row.ts';
import { rankOf, stageOf } from './statuses.ts';

/** Computes the rows of reporting.funnel_monthly. */
export function funnelMonthly(histories: readonly CaseHistory[], { monthOf }: Calendar): Row[] {
  const opened = histories.flatMap((history) =>
    history.openedAt === null ? [] : [{ history, month: monthOf(history.openedAt), openedAt: history.openedAt }],
  );
  return grouped(opened, ({ history, month }) => `${history.document.accountId} ${month}`).flatMap((cohort) => {
    const [first] = cohort;
    if (first === undefined) return [];
    const count = (isCounted: (one: (typeof cohort)[number]) => boolean) => cohort.filter(isCounted).length;
    const decided = count(({ history }) => history.firstDecision !== null);
    const approved = count(({ history }) => history.firstApproval !== null);
    return [
      {
        month: first.month,
        account_id: first.history.document.accountId,
        opened: cohort.length,
        reached_declaration: count(({ history }) => hasReached(history, 20)),
        reached_signature: count(({ history }) => hasReached(history, 30)),
        reached_review: count(({ history }) => hasReached(history, 40)),
        decided,
        approved,
        declined: count(({ history }) => history.firstDecline !== null),
        still_open: count(({ history }) => history.isOpen),
        approval_rate: decided === 0 ? null : approved / decided,
        decided_within_24h: count(
          ({ history, openedAt }) => (history.firstDecision?.at ?? Number.POSITIVE_INFINITY) - openedAt <= 24 * HOUR,
        ),
      },
    ];
  });
}

/** Returns whether the case ever had a status of at least this rank; statuses of stage closed do not count. */
function hasReached({ transitions }: CaseHistory, rank: number): boolean {
  return transitions.some(({ to }) => stageOf(to) !== 'closed' && (rankOf(to) ?? -1) >= rank);
}

/** Computes the rows of reporting.decision_times_monthly. */
export function decisionTimesMonthly(histories: readonly CaseHistory[], { monthOf }: Calendar): Row[] {
  const decisions = histories.flatMap(({ document: { accountId }, transitions, firstDecision, openedAt }) => {
    if (firstDecision === null || openedAt === null) return [];
    const before = transitions.filter(({ sequence }) => sequence < firstDecision.sequence);
    const route = before.some(({ to }) => to === 'UNDER_MANUAL_REVIEW') ? 'manual' : 'automatic';
    return [{ accountId, month: monthOf(firstDecision.at), route, hours: hoursBetween(openedAt, firstDecision.at) }];
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
