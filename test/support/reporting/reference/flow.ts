import type { Calendar } from './calendar.ts';
import type { Instant } from './instant.ts';
import { grouped, type Row } from './row.ts';
import { isReopening, type Story } from './story.ts';

const KINDS = ['opened', 'decided', 'approved', 'declined', 'reopened', 'left_active'] as const;
type Kind = (typeof KINDS)[number];

/** The rows of reporting.flow_daily: days on which an account has anything to count. */
export function flowDaily(stories: readonly Story[], { dayOf }: Calendar): Row[] {
  const counted = stories.flatMap((story) =>
    occasionsOf(story).map(({ kind, at }) => ({ accountId: story.told.accountId, day: dayOf(at), kind })),
  );
  return grouped(counted, ({ accountId, day }) => `${accountId} ${day}`).flatMap((ofDay) => {
    const [first] = ofDay;
    if (first === undefined) return [];
    const counts = KINDS.map((kind) => [kind, ofDay.filter((each) => each.kind === kind).length]);
    return [{ day: first.day, account_id: first.accountId, ...Object.fromEntries(counts) }];
  });
}

function occasionsOf({ openedAt, decided, approved, declined, moves }: Story): { kind: Kind; at: Instant }[] {
  const firsts: [Kind, Instant | null | undefined][] = [
    ['opened', openedAt],
    ['decided', decided?.at],
    ['approved', approved?.at],
    ['declined', declined?.at],
  ];
  return [
    ...firsts.flatMap(([kind, at]) => (typeof at === 'number' ? [{ kind, at }] : [])),
    ...moves.filter(isReopening).map(({ at }) => ({ kind: 'reopened' as const, at })),
    ...moves.filter(({ from }) => from === 'ACTIVE').map(({ at }) => ({ kind: 'left_active' as const, at })),
  ];
}
