import { type Calendar, daysBetween } from './calendar.ts';
import { type CaseHistory, isReopening } from './case-history.ts';
import type { Instant } from './instant.ts';
import { grouped, type Row } from './row.ts';

const KINDS = ['opened', 'decided', 'approved', 'declined', 'reopened', 'left_active'] as const;
type Kind = (typeof KINDS)[number];

/** Computes the rows of reporting.flow_daily: one for each account and day, from its first day with anything to today. */
export function flowDaily(histories: readonly CaseHistory[], { dayOf }: Calendar, now: Instant): Row[] {
  const counted = histories.flatMap((history) =>
    countedEvents(history).map(({ kind, at }) => ({ accountId: history.document.accountId, day: dayOf(at), kind })),
  );
  return grouped(counted, ({ accountId }) => accountId).flatMap((ofAccount) => {
    const [first] = ofAccount.toSorted((one, other) => (one.day < other.day ? -1 : 1));
    if (first === undefined) return [];
    return daysBetween(first.day, dayOf(now)).map((day) => {
      const counts = KINDS.map((kind) => [
        kind,
        ofAccount.filter((each) => each.kind === kind && each.day === day).length,
      ]);
      return { day, account_id: first.accountId, ...Object.fromEntries(counts) };
    });
  });
}

/** Everything in a case's history that flow_daily counts. */
export function countedEvents({
  openedAt,
  firstDecision,
  firstApproval,
  firstDecline,
  transitions,
}: CaseHistory): { kind: Kind; at: Instant }[] {
  const firsts: [Kind, Instant | null | undefined][] = [
    ['opened', openedAt],
    ['decided', firstDecision?.at],
    ['approved', firstApproval?.at],
    ['declined', firstDecline?.at],
  ];
  return [
    ...firsts.flatMap(([kind, at]) => (typeof at === 'number' ? [{ kind, at }] : [])),
    ...transitions.filter(isReopening).map(({ at }) => ({ kind: 'reopened' as const, at })),
    ...transitions.filter(({ from }) => from === 'ACTIVE').map(({ at }) => ({ kind: 'left_active' as const, at })),
  ];
}
