import { MANY_FAILURES, REFUSALS } from '../model/account-state.ts';
import type { NoticeKind } from '../model/notice.ts';
import type { AccountFacts } from '../store/notices/accounts.ts';
import type { Sighting } from './state-machine.ts';

/** The truth about one kind and account, for all channels. */
export type Observation = Omit<Sighting, 'newItems' | 'cause'> & {
  /** Cases or list items; 0 where nothing is counted. */
  items: number;
  /** An error code, an unknown status, or why nobody knows. */
  code: string | null;
};

/** Kinds that are judged from the facts of an account. */
export type AccountKind = Exclude<
  NoticeKind,
  'target_breached' | 'review_due' | 'approval_lost' | 'erasure_due' | 'digest'
>;

const judges: Record<AccountKind, (facts: AccountFacts) => Partial<Observation>> = {
  account_stale: ({ isStale, dueAt, failureCode }) => ({
    state: isStale ? 'on' : 'off',
    since: dueAt,
    code: failureCode,
  }),
  run_failing: ({ failures, failingSince, failureCode }) => {
    const isBad = failures >= MANY_FAILURES || REFUSALS.includes(failureCode ?? '');
    const state = failures === 0 ? 'off' : isBad ? 'on' : 'unsure';
    return { state, ...(failingSince !== null && { since: failingSince }), code: failureCode };
  },
  mass_disappearance: ({ heldBack, heldBackSince }) => ({
    ...onIf(heldBack, heldBackSince),
    code: heldBack > 0 ? 'MASS_DISAPPEARANCE' : null,
  }),
  rejected_items: ({ rejected, rejectedSince, isUnreadable }) => ({
    ...onIf(rejected, rejectedSince),
    code: isUnreadable ? 'UNREADABLE_ITEM' : null,
  }),
  unknown_status: ({ unknown, unknownStatus }) => ({ ...onIf(unknown, null), code: unknownStatus }),
};

function onIf(items: number, since: Date | null): Partial<Observation> {
  return { state: items > 0 ? 'on' : 'off', ...(since !== null && { since }), items };
}

/** Error codes that need another act of a person than the failures or unreadable items before. */
const NEWS = [...REFUSALS, 'UNREADABLE_ITEM'];

/** The code of an observation if it is news also while the state lasts. */
export function causeOf(kind: NoticeKind, { code }: Observation): string | null {
  const hasCauses = kind === 'run_failing' || kind === 'rejected_items';
  return hasCauses && code !== null && NEWS.includes(code) ? code : null;
}

/** Judges an account that may be paused or disabled. */
export function observe(kind: AccountKind, facts: AccountFacts, now: Date): Observation {
  const nothing: Observation = { state: 'off', since: now, items: 0, code: null };
  return unwatched(facts, now) ?? { ...nothing, ...judges[kind](facts) };
}

/** An account that is not read: its last facts say nothing about now. Null for one that is read. */
export function unwatched({ enabled, isPaused }: AccountFacts, now: Date): Observation | null {
  if (enabled && !isPaused) return null;
  return { state: 'unwatched', since: now, items: 0, code: enabled ? 'paused' : 'disabled' };
}
