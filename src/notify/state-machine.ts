// When a state is told: once when it begins, as a reminder while it lasts, and once when it is over. Pure.
import type { Notice, NoticePhase } from '../model/notice.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** An end must last this long to be told; four times as long for every time that the state came back within a day. */
export const SETTLE_MS = 15 * MINUTE_MS;

/** Lost approvals of an account are told at most once within this time. */
const EVENTS_EVERY_MS = HOUR_MS;

/**
 * The present truth. unsure: not bad enough to begin, not good enough to end. unwatched: the account is paused or no
 * longer read, so nobody knows.
 */
export type Sighting = {
  state: 'on' | 'off' | 'unsure' | 'unwatched';
  /** Since when it is so. */
  since: Date;
  /** Cases of which it is so since the last message. */
  newItems: number;
  /** Why it is so, if that needs another act of a person than other causes do; null = it does not. */
  cause: string | null;
};

/** The next state, null if there is nothing to remember; and the message that is due, null = none. */
export type Step = { notice: Notice | null; phase: NoticePhase | null };

/** The next step of a state. `now` must be one clock for all replicas: that of the database. */
export function nextStep(notice: Notice | null, sighting: Sighting, now: Date): Step {
  if (notice === null) return sighting.state === 'on' ? begun(sighting, now, 1) : { notice, phase: null };
  const known = withoutFuture(notice, now);
  return known.endedAt === null ? lasting(known, sighting, now) : ended(known, known.endedAt, sighting, now);
}

/** The next step of things that happen and do not last: each is told once. The first notice only marks the beginning. */
export function nextEvents(notice: Notice | null, sighting: Sighting, now: Date): Step {
  if (notice === null) return { notice: { ...begun({ ...sighting, since: now }, now, 0).notice }, phase: null };
  const known = withoutFuture(notice, now);
  const isTooSoon = known.times > 0 && now.getTime() - known.toldAt.getTime() < EVENTS_EVERY_MS;
  if (sighting.state !== 'on' || sighting.newItems === 0 || isTooSoon) return { notice: known, phase: null };
  return { notice: { ...known, beganAt: sighting.since, toldAt: now, times: 1 }, phase: 'began' };
}

function begun({ since, cause }: Sighting, now: Date, times: number): { notice: Notice; phase: NoticePhase } {
  return {
    notice: {
      beganAt: since,
      toldAt: now,
      reminders: 0,
      times,
      endingSince: null,
      endedAt: null,
      causes: cause === null ? [] : [cause],
    },
    phase: 'began',
  };
}

function lasting(notice: Notice, sighting: Sighting, now: Date): Step {
  if (sighting.state === 'unsure') return { notice: { ...notice, endingSince: null }, phase: null };
  if (sighting.state === 'on') return lastingOn({ ...notice, endingSince: null }, sighting, now);
  const endingSince = notice.endingSince ?? now;
  if (now.getTime() - endingSince.getTime() < settleMs(notice.times)) {
    return { notice: { ...notice, endingSince }, phase: null };
  }
  const phase = sighting.state === 'off' ? 'over' : 'unwatched';
  return { notice: { ...notice, toldAt: now, endingSince: null, endedAt: now }, phase };
}

function lastingOn(before: Notice, { newItems, cause }: Sighting, now: Date): Step {
  const { causes: known } = before;
  const causes = cause === null || known?.includes(cause) ? known : [...(known ?? []), cause];
  const notice = { ...before, causes };
  // Once for each cause, so that one which comes and goes is no news.
  if (known !== null && causes !== known) return { notice: { ...notice, toldAt: now, reminders: 0 }, phase: 'began' };
  const silence = now.getTime() - notice.toldAt.getTime();
  if (newItems > 0 && silence >= DAY_MS) return { notice: { ...notice, toldAt: now }, phase: 'more' };
  if (silence < (notice.reminders === 0 ? DAY_MS : WEEK_MS)) return { notice, phase: null };
  return { notice: { ...notice, toldAt: now, reminders: notice.reminders + 1 }, phase: 'still' };
}

/** A state that ended is remembered for a day, so that its coming back counts as flapping. */
function ended(notice: Notice, endedAt: Date, sighting: Sighting, now: Date): Step {
  const isLongAgo = now.getTime() - endedAt.getTime() >= DAY_MS;
  if (sighting.state === 'on') return begun(sighting, now, isLongAgo ? 1 : notice.times + 1);
  return { notice: isLongAgo ? null : notice, phase: null };
}

/** How long the end of a state must last until it is told, in milliseconds. */
export function settleMs(times: number): number {
  return Math.min(SETTLE_MS * 4 ** (times - 1), DAY_MS);
}

/** Times in the future were stored while the clock was ahead: nothing would be told until the clock gets there. */
function withoutFuture(notice: Notice, now: Date): Notice {
  const past = <T extends Date | null>(at: T) => (at !== null && at > now ? now : at);
  return {
    ...notice,
    toldAt: past(notice.toldAt) ?? now,
    endingSince: past(notice.endingSince),
    endedAt: past(notice.endedAt),
  };
}
