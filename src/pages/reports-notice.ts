import { counted } from '../model/counted.ts';
import type { Transaction } from '../store/postgres/pool.ts';
import { accountText } from './html/filters.ts';
import { type Html, html, nothing } from './html/html.ts';
import { accountAddress, link } from './html/link.ts';
import type { PageRequest } from './page.ts';

/** Names that are shown. */
const SHOWN = 3;

/** A notice if the daily and monthly figures of a chosen account are older than its cases; else nothing. */
export async function reportsNotice({
  tx,
  accounts,
  filters: { accountId },
}: Pick<PageRequest, 'tx' | 'accounts' | 'filters'>): Promise<Html> {
  const ids = await readBehind(tx);
  const behind = accounts.filter(({ id }) => ids.has(id) && (accountId === null || id === accountId));
  if (behind.length === 0) return nothing;
  const names = behind
    .slice(0, SHOWN)
    .map(
      (account, index) =>
        html`${index > 0 && ', '}${link(`${accountAddress(account.id)}#findings`, accountText(account))}`,
    );
  const more = behind.length > SHOWN && ` and of ${counted(behind.length - SHOWN, 'more account')}`;
  return html`<p class="notice act" id="reports-behind"><span class="act-word">Act:</span> the daily and monthly figures of ${names}${more} are older than their cases. Each run tries to catch up; the log of the worker and "cdd-sync status" say why it does not.</p>
`;
}

/** Each check is a query of its own: Postgres then leaves out the other checks of the view, which take seconds. */
async function readBehind(tx: Transaction): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ account_id: string }[]>`
    select account_id from reporting.data_quality where check_name = 'reports_behind' and items > 0
    union all
    select account_id from reporting.data_quality where check_name = 'reports_failed' and items > 0`;
  return new Set(rows.map(({ account_id }) => account_id));
}
