import type { CaseHistory } from './case-history.ts';
import { HOUR, type Instant } from './instant.ts';

const YEAR_2000 = Date.UTC(2000, 0, 1) * 1000;

/** Returns whether a time can be true: neither a placeholder of long ago nor more than a day ahead. */
export function isPlausible(time: Instant, now: Instant): boolean {
  return time >= YEAR_2000 && time <= now + 24 * HOUR;
}

/**
 * The histories that the daily, monthly and percentile reports count, without the future. A case with an implausible time
 * of a status, of its creation or of its deletion is left out.
 */
export function reportedHistories(histories: readonly CaseHistory[], now: Instant): CaseHistory[] {
  return histories
    .filter(({ document: { createdAt, deletedAt }, transitions }) =>
      [createdAt, deletedAt, ...transitions.map(({ at }) => at)].every(
        (time) => time === null || isPlausible(time, now),
      ),
    )
    .map((history) => withoutFuture(history, now));
}

function withoutFuture(history: CaseHistory, now: Instant): CaseHistory {
  const past = <T extends { at: Instant }>(transition: T | null) =>
    transition !== null && transition.at <= now ? transition : null;
  const pastTime = (time: Instant | null) => (time !== null && time <= now ? time : null);
  return {
    ...history,
    transitions: history.transitions.filter(({ at }) => at <= now),
    goneAt: pastTime(history.goneAt),
    openedAt: pastTime(history.openedAt),
    firstDecision: past(history.firstDecision),
    firstApproval: past(history.firstApproval),
    firstDecline: past(history.firstDecline),
  };
}
