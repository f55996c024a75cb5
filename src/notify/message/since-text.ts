import { CASE_KINDS } from '../../model/notice.ts';
import { dayAndTimeText, fullTime } from '../../model/time-text.ts';
import type { Line } from './merge.ts';

/**
 * A sentence without its full stop: since when it is so, or from when to when it was. An end is told when it has lasted a
 * while, up to a day for a state that comes and goes, so `judgedAt` is only the latest that it can have been.
 */
export function sinceText({ kind, phase, beganAt, judgedAt, newItems, wasUntold }: Line, timezone: string): string {
  const began = timeText(beganAt, timezone);
  if (phase === 'over') {
    const judged = timeText(judgedAt, timezone);
    const missed = wasUntold ? ', when this channel took no messages' : '';
    return CASE_KINDS.includes(kind)
      ? `Since ${judged} at the latest`
      : `It lasted from ${began} until ${judged} at the latest${missed}`;
  }
  if (phase === 'unwatched') return `Since ${timeText(judgedAt, timezone)} at the latest`;
  if (kind === 'approval_lost') return newItems === 1 ? `On ${began}` : `The first on ${began}`;
  if (kind === 'review_due') return `The first due date is ${began}`;
  return kind === 'target_breached' ? `The oldest waits since ${began}` : `Since ${began}`;
}

/** With the zone, because an hour comes twice when clocks are set back: `25 Oct 2026 02:30 CEST`. */
function timeText(at: Date, timezone: string): string {
  const clock = { now: at, timezone };
  return `${dayAndTimeText(at, clock)} ${fullTime(at, clock).split(' ').at(-1)}`;
}
