import type { Transaction } from '../../store/postgres/pool.ts';
import type { Filters } from '../html/filters.ts';

export type CaseRow = {
  account_id: string;
  case_id: string;
  payout_destination_name: string | null;
  status: string | null;
  status_since: Date | null;
  opened_at: Date | null;
};

export const PAGE_SIZE = 50;

/** One page of the list, the cases that changed their status last first. One row more than a page tells whether there is another. */
export function readCases(tx: Transaction, { accountId }: Filters, offset: number): Promise<CaseRow[]> {
  return tx.$queryRaw<CaseRow[]>`
    select account_id, case_id::text, payout_destination_name, status, status_since, opened_at
    from reporting.cases
    where ${accountId}::text is null or account_id = ${accountId}
    order by status_since desc nulls last, account_id, case_id
    limit ${PAGE_SIZE + 1} offset ${offset}`;
}
