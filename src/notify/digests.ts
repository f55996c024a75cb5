// Sends the newest digests of the accounts' chains to a channel outside, where an administrator cannot change them.
import type { Notice } from '../model/notice.ts';
import type { AccountFacts } from '../store/notices/accounts.ts';
import type { NoticeRow } from '../store/notices/notices.ts';
import { DAY_MS, type Step } from './state-machine.ts';

/**
 * Whether a channel gets the digests now: a day after its last digest of any account, so that all accounts are in one
 * message. Times in the future were stored while the clock was ahead.
 */
export function isDigestDue(told: readonly Pick<NoticeRow, 'toldAt'>[], now: Date): boolean {
  return told.every(({ toldAt }) => toldAt > now || now.getTime() - toldAt.getTime() >= DAY_MS);
}

/** The next step of an account: told if its chain has grown since the last message. */
export function digestStep(notice: Notice | null, { digest, linkedAt }: AccountFacts, now: Date): Step {
  if (digest === null || linkedAt === null || notice?.causes?.includes(digest)) return { notice, phase: null };
  return {
    notice: {
      beganAt: linkedAt,
      toldAt: now,
      reminders: 0,
      times: 1,
      endingSince: null,
      endedAt: null,
      causes: [digest],
    },
    phase: 'began',
  };
}
