import type { Transaction } from '../store/postgres/pool.ts';
import { accountText } from './html/filters.ts';
import { type Html, html, nothing } from './html/html.ts';
import { accountAddress, link } from './html/link.ts';

type Behind = { id: string; label: string | null };

const SHOWN = 3;

/**
 * A notice for pages with daily or monthly figures, if those of an account are older than its cases; else nothing.
 * `accountId` null = all accounts of the viewer.
 */
export async function reportsNotice(tx: Transaction, accountId: string | null): Promise<Html> {
  const behind = await readBehind(tx, accountId);
  if (behind.length === 0) return nothing;
  const names = behind
    .slice(0, SHOWN)
    .map(
      (account, index) =>
        html`${index > 0 && ', '}${link(`${accountAddress(account.id)}#findings`, accountText(account))}`,
    );
  const more = behind.length > SHOWN && ` and of ${behind.length - SHOWN} more accounts`;
  return html`<p class="notice act" id="reports-behind"><span class="act-word">Act:</span> the daily and monthly figures of ${names}${more} are older than their cases. Each run tries to catch up; the log of the worker and "cdd-sync status" say why it does not.</p>
`;
}

/** One check at a time: Postgres then leaves out the other checks, which take seconds. */
function readBehind(tx: Transaction, accountId: string | null): Promise<Behind[]> {
  return tx.$queryRaw<Behind[]>`
    select account.account_id as id, account.account_label as label
    from reporting.accounts as account
    where (${accountId}::text is null or account.account_id = ${accountId})
      and account.account_id in (
        select account_id from reporting.data_quality where check_name = 'reports_behind' and items > 0
        union all
        select account_id from reporting.data_quality where check_name = 'reports_failed' and items > 0
      )
    order by account.account_id`;
}
