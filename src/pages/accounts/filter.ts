import { ACCOUNT_STATES, type AccountState, errorOf, stateOf } from '../../model/account-state.ts';
import type { Account } from './queries.ts';

/** The filters of /accounts; null = all. */
export type AccountsFilter = {
  state: AccountState | null;
  /** An error code, or `none`. */
  error: string | null;
  /** A part of an id or a label. */
  q: string | null;
};

/** The filters of an address; a value that cannot be read is left out. */
export function parseAccountsFilter(parameters: URLSearchParams): AccountsFilter {
  return {
    state: ACCOUNT_STATES.find((state) => state === parameters.get('state')) ?? null,
    error: parameters.get('error') || null,
    q: parameters.get('q')?.trim() || null,
  };
}

/** Whether the list is not that of all accounts. */
export function isFiltered({ state, error, q }: AccountsFilter): boolean {
  return state !== null || error !== null || q !== null;
}

/** The accounts that a filter lets through. */
export function matching(accounts: readonly Account[], { state, error, q }: AccountsFilter): Account[] {
  const wanted = q?.toLowerCase() ?? '';
  return accounts.filter(
    (account) =>
      (state === null || stateOf(account) === state) &&
      (error === null || (errorOf(account) ?? 'none') === error) &&
      `${account.account_id} ${account.account_label ?? ''}`.toLowerCase().includes(wanted),
  );
}
