import { ACCOUNT_STATES, type AccountFacts, type AccountState, errorOf, needOf, stateOf } from './account-state.ts';

/** Accounts that need a person for one reason: a thousand accounts mostly have one problem. */
export type ProblemGroup<Account extends AccountFacts> = {
  state: AccountState;
  code: string | null;
  accounts: readonly Account[];
};

/** The accounts that need a person by state and error, the worst first, then the largest group. */
export function problemGroups<Account extends AccountFacts>(accounts: readonly Account[]): ProblemGroup<Account>[] {
  const found = Map.groupBy(accounts, (account) => `${stateOf(account)} ${errorOf(account) ?? ''}`);
  const groups = [...found.values()].flatMap((members): ProblemGroup<Account>[] => {
    const [first] = members;
    if (first === undefined || needOf(stateOf(first)) === null) return [];
    return [{ state: stateOf(first), code: errorOf(first), accounts: members }];
  });
  const place = ({ state }: ProblemGroup<Account>) => ACCOUNT_STATES.indexOf(state);
  return groups.sort((one, other) => place(one) - place(other) || other.accounts.length - one.accounts.length);
}
