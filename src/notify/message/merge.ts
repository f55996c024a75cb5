import { hash } from 'node:crypto';
import { derivedUuid } from '../../model/derived-uuid.ts';
import type { WaitingItem } from '../../store/notices/items.ts';

/** One line of a message, about a kind and an account: the newest waiting item, with the news of those before. */
export type Line = Omit<WaitingItem, 'id' | 'channel'> & {
  /** Whether its beginning is told only now, although it is over. */
  wasUntold: boolean;
};

/**
 * Merges the items that wait for a channel: after an outage it gets one line for each kind and account, not all that it
 * missed.
 */
export function mergeItems(items: readonly WaitingItem[]): Line[] {
  const groups = Map.groupBy(items, ({ kind, accountId }) => `${kind} ${accountId}`);
  const lines = [...groups.values()].flatMap((group) => {
    const last = group.at(-1);
    return last === undefined
      ? []
      : [last.kind === 'approval_lost' ? mergedEvents(group, last) : mergedState(group, last)];
  });
  return lines.filter((line) => !isReplaced(line, groups.get(`run_failing ${line.accountId}`) ?? []));
}

/** Whether failures began after this was judged: they take the place of a late account, whose end is then not told. */
function isReplaced({ kind, phase, judgedAt }: Line, failing: readonly WaitingItem[]): boolean {
  if (kind !== 'account_stale' || (phase !== 'began' && phase !== 'still')) return false;
  return failing.some((item) => item.phase === 'began' && item.judgedAt > judgedAt);
}

function mergedEvents(group: readonly WaitingItem[], last: WaitingItem): Line {
  const lost = group.filter(({ phase }) => phase === 'began');
  const items = lost.reduce((sum, { newItems }) => sum + newItems, 0);
  const ids = [...new Set(lost.flatMap(({ caseIds }) => caseIds))].slice(0, 5);
  return {
    ...lineOf(last),
    phase: 'began',
    items,
    newItems: items,
    caseIds: ids,
    beganAt: earliest(group),
    wasUntold: false,
  };
}

function mergedState(group: readonly WaitingItem[], last: WaitingItem): Line {
  const untold = group.findLast(({ phase }) => phase === 'began');
  if (last.phase === 'over' || last.phase === 'unwatched') return { ...lineOf(last), wasUntold: untold !== undefined };
  if (untold !== undefined) {
    const { caseIds } = untold;
    return { ...lineOf(last), phase: 'began', newItems: last.items, caseIds, wasUntold: false };
  }
  const more = group.filter(({ phase }) => phase === 'more');
  const newItems = more.reduce((sum, item) => sum + item.newItems, 0);
  return { ...lineOf(last), phase: more.length > 0 ? 'more' : last.phase, newItems, wasUntold: false };
}

function lineOf({ id: _, channel: __, ...line }: WaitingItem): Omit<Line, 'wasUntold'> {
  return line;
}

function earliest(group: readonly WaitingItem[]): Date {
  return new Date(Math.min(...group.map(({ beganAt }) => beganAt.getTime())));
}

/**
 * The id of a message with these items. A message that is sent again, because nobody knows whether it arrived, has the same
 * id; one that has more has another.
 */
export function messageIdOf(items: readonly Pick<WaitingItem, 'id'>[]): string {
  return derivedUuid(
    hash(
      'sha256',
      items
        .map(({ id }) => id)
        .sort()
        .join(' '),
    ),
  );
}
