import { errorWords } from './error-words.ts';

/** States of an account, the worst first; it is in one of them. */
export const ACCOUNT_STATES = ['refused', 'late', 'held_back', 'paused', 'never_read', 'ok', 'disabled'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** The names of the states as a person reads them. */
export const STATE_NAMES: Record<AccountState, string> = {
  refused: 'refused',
  late: 'late',
  held_back: 'holding missing cases back',
  paused: 'paused',
  never_read: 'not read yet',
  ok: 'fresh',
  disabled: 'no longer read',
};

export type AccountFacts = {
  enabled: boolean;
  paused_since: Date | null;
  last_success_at: Date | null;
  /** Null for an account that is not read. */
  is_stale: boolean | null;
  last_error_code: string | null;
};

/** Dintero answers these until a person corrects the credentials or the id. */
const REFUSALS = ['AUTH', 'FORBIDDEN', 'NOT_FOUND'];
const HELD_BACK = ['MASS_DISAPPEARANCE', 'UNREADABLE_ITEM'];

/** The one state of an account. `never_read` is no problem while its first run is not late. */
export function stateOf(account: AccountFacts): AccountState {
  const { enabled, paused_since, last_success_at, is_stale, last_error_code: code } = account;
  if (!enabled) return 'disabled';
  if (paused_since !== null) return 'paused';
  if (code !== null && REFUSALS.includes(code)) return 'refused';
  if (is_stale === true) return 'late';
  if (code !== null && HELD_BACK.includes(code)) return 'held_back';
  return last_success_at === null ? 'never_read' : 'ok';
}

/** Whether a person must act on an account in this state, or look at it; null = neither. */
export function needOf(state: AccountState): 'act' | 'look' | null {
  if (state === 'refused' || state === 'late') return 'act';
  return state === 'paused' || state === 'held_back' ? 'look' : null;
}

/** Why accounts of one state and error need a person, and the remedy; null if they do not. */
export function adviceOf(state: AccountState, code: string | null): { cause: string; remedy: string } | null {
  if (needOf(state) === null) return null;
  if (state === 'paused') {
    return { cause: 'its runs were paused', remedy: 'Its cases stay as they are until its runs go on.' };
  }
  return code === null ? WITHOUT_ERROR : errorWords(code);
}

const WITHOUT_ERROR = {
  cause: 'no run ended in time, and none failed',
  remedy: 'Check that a worker runs and keeps up: run "cdd-sync status".',
};
