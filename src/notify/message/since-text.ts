import { CASE_KINDS } from '../../model/notice.ts';
import { dayAndTimeText, fullTime } from '../../model/time-text.ts';
import type { Line } from './merge.ts';

/** A sentence without its full stop: since when it is so, or from when to when it was. */
export function sinceText(line: Line, timezone: string): string {
  const { kind, phase, beganAt, newItems, wasUntold } = line;
  const began = timeText(beganAt, timezone);
  if (phase === 'over' && !CASE_KINDS.includes(kind)) {
    const missed = wasUntold ? ', when this channel took no messages' : '';
    return `It lasted from ${began} until ${endText(line, timezone)}${missed}`;
  }
  if (phase === 'over' || phase === 'unwatched') return `Since ${endText(line, timezone)}`;
  if (kind === 'approval_lost') return newItems === 1 ? `On ${began}` : `The first on ${began}`;
  if (kind === 'digest') return `Made on ${began}`;
  if (kind === 'erasure_due') return `The first time was over on ${began}`;
  if (kind === 'review_due') return `The first due date is ${began}`;
  return kind === 'target_breached' ? `The oldest waits since ${began}` : `Since ${began}`;
}

/** An item of an earlier version has no end: it was at the latest when that was judged. */
function endText({ endedAt, judgedAt }: Line, timezone: string): string {
  return endedAt === null ? `${timeText(judgedAt, timezone)} at the latest` : timeText(endedAt, timezone);
}

/** With the zone, because an hour comes twice when clocks are set back: `25 Oct 2026 02:30 CEST`. */
function timeText(at: Date, timezone: string): string {
  const clock = { now: at, timezone };
  return `${dayAndTimeText(at, clock)} ${fullTime(at, clock).split(' ').at(-1)}`;
}
