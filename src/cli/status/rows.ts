import { needOf, stateName, stateOf } from '../../model/account-state.ts';
import type { ShownAccount, Status } from './read.ts';

/** An object for each account, with everything that concerns it. Holds of a host and workers concern every account. */
export function statusRows(status: Status): object[] {
  return status.accounts.map((account) => rowOf(account, status));
}

function rowOf(account: ShownAccount, { counts, holds, workers, runs }: Status): object {
  const { account_label: _label, late_by: _lateBy, ...row } = account;
  const id = account.account_id;
  return {
    ...row,
    state: stateOf(account),
    state_text: stateName(account),
    need: needOf(stateOf(account)),
    cases_by_status: counts
      .filter(({ account_id }) => account_id === id)
      .map(({ status, stage, cases }) => ({ status, stage, cases })),
    holds: holds
      .filter(({ accountId }) => accountId === null || accountId === id)
      .map(({ host, accountId, until }) => ({ host, account_id: accountId, until })),
    running_since: runs.find(({ accountId }) => accountId === id)?.startedAt ?? null,
    workers: workers?.map(({ host, pid, startedAt }) => ({ host, pid, started_at: startedAt })) ?? null,
  };
}
