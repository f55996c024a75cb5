import pLimit from 'p-limit';
import type { Account } from '../model/account.ts';

export type Turns = {
  /** How many accounts have their turn at the same time. */
  concurrency: number;
  /** Prepares for an account's turn while others have theirs; must not reject. Not called for those that need not wait. */
  expect: (account: Account) => Promise<void>;
};

/** Calls `work` with each account in order; gives what it gave, in the same order, and rejects with its first error. */
export function eachInTurn<T>(
  accounts: readonly Account[],
  { concurrency, expect }: Turns,
  work: (account: Account) => Promise<T>,
): Promise<T[]> {
  return pLimit(concurrency).map(accounts, (account, place) => {
    const later = accounts[place + concurrency];
    if (later !== undefined) void expect(later);
    return work(account);
  });
}
