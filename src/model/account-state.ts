import { counted } from './counted.ts';
import { errorWords } from './error-words.ts';
import { count, duration } from './number-text.ts';

/** States of an account, the worst first; it is in one of them. */
export const ACCOUNT_STATES = [
  'refused',
  'late',
  'failing',
  'held_back',
  'paused',
  'never_read',
  'ok',
  'disabled',
] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** The names of the states as a person reads them. */
export const STATE_NAMES: Record<AccountState, string> = {
  refused: 'refused',
  late: 'late',
  failing: 'failing',
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
  /** Of the last run, which may be under way. */
  last_error_code: string | null;
  /** Failed runs since the last that read the list, and the error of the newest (cdd.account_failures). */
  failures: number;
  failure_code: string | null;
};

/** Dintero answers these until a person corrects the credentials or the id. */
export const REFUSALS = ['AUTH', 'FORBIDDEN', 'NOT_FOUND'];
const HELD_BACK = ['MASS_DISAPPEARANCE', 'UNREADABLE_ITEM'];

/** From so many failures in a row on, an account needs a person. Fewer than three mostly pass by themselves. */
export const MANY_FAILURES = 3;

/** The error that an account's state is about: a run that is under way has none yet, and hides no failure. */
export function errorOf({ failure_code, last_error_code }: AccountFacts): string | null {
  return failure_code ?? last_error_code;
}

/** The one state of an account. `never_read` is no problem while its first run is not late. */
export function stateOf(account: AccountFacts): AccountState {
  const { enabled, paused_since, last_success_at, is_stale, failures } = account;
  const code = errorOf(account);
  if (!enabled) return 'disabled';
  if (paused_since !== null) return 'paused';
  if (code !== null && REFUSALS.includes(code)) return 'refused';
  if (is_stale === true) return 'late';
  if (failures >= MANY_FAILURES) return 'failing';
  if (code !== null && HELD_BACK.includes(code)) return 'held_back';
  return last_success_at === null ? 'never_read' : 'ok';
}

/** Whether a person must act on an account in this state, or look at it; null = neither. */
export function needOf(state: AccountState): 'act' | 'look' | null {
  if (state === 'refused' || state === 'late' || state === 'failing') return 'act';
  return state === 'paused' || state === 'held_back' ? 'look' : null;
}

/**
 * Why accounts of one state and error need a person, and the remedy; null if they do not. `workers`: the number of live
 * workers if it is known, as in `status`.
 */
export function adviceOf(
  state: AccountState,
  code: string | null,
  workers: number | null = null,
): { cause: string; remedy: string } | null {
  if (needOf(state) === null) return null;
  if (state === 'paused') {
    return {
      cause: 'its runs were paused',
      remedy: 'Its cases stay as they are. When it may be read again, run "cdd-sync resume ID".',
    };
  }
  return code === null ? adviceWithoutError(workers) : errorWords(code);
}

/** A remedy whose command names the account, if it is for one account. */
export function remedyFor(remedy: string, accounts: readonly { account_id: string }[]): string {
  const [first] = accounts;
  return first === undefined || accounts.length > 1 ? remedy : remedy.replace(/\bID\b/, first.account_id);
}

/** For an account that is late although no run of it failed. */
function adviceWithoutError(workers: number | null): { cause: string; remedy: string } {
  return { cause: 'no run ended in time, and none failed', remedy: workerRemedy(workers) };
}

function workerRemedy(workers: number | null): string {
  if (workers === null) return 'Check that a worker runs and keeps up: run "cdd-sync status".';
  if (workers === 0) return 'No worker is running: start it with "cdd-sync start", or as a service.';
  return 'A worker runs, but does not keep up: its log says why. Raise concurrency, or let accounts be read less often.';
}

/** Further facts that the words about an account use. */
export type ReadAccount = AccountFacts & {
  /** In minutes. */
  late_by: number | null;
  /** Of its last run. */
  last_state: string | null;
  pause_reason: string | null;
};

export type NamedAccount = ReadAccount & { account_id: string; account_label: string | null };

/** The name of an account's state, with how late it is: `late by 42 min`. */
export function stateName(account: ReadAccount): string {
  const { is_stale, late_by } = account;
  const state = stateOf(account);
  const isLate = is_stale === true && late_by !== null && (state === 'late' || state === 'refused');
  return isLate ? `late by ${duration(late_by / 60)}` : STATE_NAMES[state];
}

/** The state of an account in words, and why: `late by 42 min: Dintero cannot be reached (NETWORK)`. */
export function stateText(account: ReadAccount): string {
  const { last_state, is_stale, late_by, pause_reason } = account;
  const code = errorOf(account);
  const state = stateOf(account);
  if (state === 'disabled') return STATE_NAMES.disabled;
  if (state === 'paused') return [STATE_NAMES.paused, pause_reason].filter((words) => words !== null).join(': ');
  const name = is_stale === true && late_by !== null ? `late by ${duration(late_by / 60)}` : STATE_NAMES[state];
  if (code !== null) return `${name}${state === 'ok' ? ', but the last run failed' : ''}: ${errorText(code)}`;
  if (state === 'late') return `${name}: ${adviceOf(state, code)?.cause}`;
  return last_state === 'partial' ? `${name}, but items of its list cannot be read` : name;
}

function errorText(code: string): string {
  return `${errorWords(code).cause} (${code})`;
}

/** `1 account`, `1,204 accounts`. */
export function accountsText(accounts: number): string {
  return accounts < 1000 ? counted(accounts, 'account') : `${count(accounts)} accounts`;
}

/** Accounts that need a person first; else in the order given. */
export function worstFirst<Account extends AccountFacts>(accounts: readonly Account[]): Account[] {
  const place = (account: Account) => ACCOUNT_STATES.indexOf(stateOf(account));
  return accounts.toSorted((one, other) => place(one) - place(other));
}
