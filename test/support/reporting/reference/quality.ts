import { type Calendar, daysBetween } from './calendar.ts';
import { HOUR, type Instant } from './instant.ts';
import type { Row } from './row.ts';
import { directionOf } from './statuses.ts';
import type { Story } from './story.ts';

/** What is known of an account beside the stories of its cases. */
export type Account = {
  id: string;
  /** Items of its list that cannot be read. */
  unreadable: number;
  /** Events that were told once and are no more. */
  vanished: number;
  firstSeenAt: (story: Story) => Instant;
  /** The ids of the cases of all other accounts. */
  elsewhere: ReadonlySet<string>;
  /** When the transition of a story that holds now was recorded. */
  recorded: (story: Story, sequence: number) => Instant;
};

/** The rows of reporting.data_quality for an account, without severity and example. */
export function qualityRows(
  stories: readonly Story[],
  account: Account,
  { now, dayOf }: Pick<Calendar, 'dayOf'> & { now: Instant },
): Row[] {
  const own = stories.filter(({ told }) => told.accountId === account.id);
  const moves = own.flatMap((story) => story.moves.map((move) => ({ ...move, story })));
  const recent = moves.filter(({ at }) => daysBetween(dayOf(at), dayOf(now)).length <= 90);
  const checks: Record<string, number> = {
    unknown_statuses: own.filter(({ stage, goneAt }) => stage === 'unknown' && goneAt === null).length,
    rejected_items: account.unreadable,
    vanished_events: account.vanished,
    backward_moves: moves.filter(({ from, to }) => directionOf(from, to) === 'backward').length,
    case_under_two_accounts: own.filter(({ told }) => account.elsewhere.has(told.caseId)).length,
    missing_times: moves.filter(({ source }) => source === 'inferred').length,
    long_detection_lag: recent.filter(({ story, sequence, at }) => {
      const recordedAt = account.recorded(story, sequence);
      return recordedAt > account.firstSeenAt(story) && recordedAt - at > 24 * HOUR;
    }).length,
    reports_behind: 0,
  };
  return Object.entries(checks).map(([check_name, items]) => ({ account_id: account.id, check_name, items }));
}
