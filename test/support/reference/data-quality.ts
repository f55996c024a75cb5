import { type Calendar, daysBetween } from './calendar.ts';
import type { CaseDocument } from './case-document.ts';
import type { CaseHistory } from './case-history.ts';
import { HOUR, type Instant } from './instant.ts';
import { isPlausible, reportedHistories } from './plausible.ts';
import type { Row } from './row.ts';
import { directionOf } from './statuses.ts';

/** Facts of an account that the histories of its cases do not have. */
export type Account = {
  id: string;
  /** Number of items in its list that cannot be read. */
  unreadable: number;
  /** Number of events that were in a list once and are in none now. */
  vanished: number;
  /** Current facts without a value. */
  unreadableFacts: number;
  firstSeenAt: (history: CaseHistory) => Instant;
  /** Case ids of all other accounts. */
  elsewhere: ReadonlySet<string>;
  /** Time at which a current transition was recorded. */
  recorded: (history: CaseHistory, sequence: number) => Instant;
};

/** Computes the rows of reporting.data_quality for an account, without severity and example. */
export function qualityRows(
  histories: readonly CaseHistory[],
  account: Account,
  { now, dayOf }: Pick<Calendar, 'dayOf'> & { now: Instant },
): Row[] {
  const own = histories.filter(({ document }) => document.accountId === account.id);
  const reported = reportedHistories(own, now);
  const moves = reported.flatMap((history) => history.transitions.map((transition) => ({ ...transition, history })));
  const transitions = own.flatMap((history) => history.transitions);
  const recent = moves.filter(({ at }) => daysBetween(dayOf(at), dayOf(now)).length <= 90);
  const checks: Record<string, number> = {
    unknown_statuses: reported.filter(({ stage, goneAt }) => stage === 'unknown' && goneAt === null).length,
    rejected_items: account.unreadable,
    unreadable_fields: own.reduce((sum, { document }) => sum + document.problems.length, 0),
    vanished_events: account.vanished,
    backward_moves: moves.filter(({ from, to }) => directionOf(from, to) === 'backward').length,
    case_under_two_accounts: own.filter(({ document }) => account.elsewhere.has(document.caseId)).length,
    missing_times: transitions.filter(({ source }) => source === 'inferred').length,
    long_detection_lag: recent.filter(({ history, sequence, at }) => {
      const recordedAt = account.recorded(history, sequence);
      return recordedAt > account.firstSeenAt(history) && recordedAt - at > 24 * HOUR;
    }).length,
    implausible_times: own.filter(({ document }) => !timesOf(document).every((time) => isPlausible(time, now))).length,
    reports_behind: 0,
    reports_failed: 0,
    clock_ahead: 0,
    never_listed: own.length > 0 && !own.some((history) => hasEnded(history, now)) ? 1 : 0,
    unreadable_facts: account.unreadableFacts,
  };
  return Object.entries(checks).map(([check_name, items]) => ({ account_id: account.id, check_name, items }));
}

function hasEnded({ document, transitions }: CaseHistory, now: Instant): boolean {
  if (document.deletedAt !== null) return true;
  return transitions.some(({ to, at }) => (to === 'ARCHIVED' || to === 'TERMINATED') && at <= now);
}

function timesOf({ createdAt, updatedAt, deletedAt, events }: CaseDocument): Instant[] {
  return [createdAt, updatedAt, deletedAt, ...events.map(({ at }) => at)].filter((time) => time !== null);
}
