import { problemGroups } from '../../model/account-problems.ts';
import { accountsText, needOf, stateOf, worstFirst } from '../../model/account-state.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { pager, pagingOf } from '../html/pager.ts';
import { csvLines } from '../html/table.ts';
import { inTime } from '../in-time.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageRequest } from '../page.ts';
import { reportsNotice } from '../reports-notice.ts';
import { type AccountsFilter, isFiltered, matching, parseAccountsFilter } from './filter.ts';
import { filterForm } from './list-controls.ts';
import { problemNotices } from './problems.ts';
import { type Account, readAccounts, withFigures } from './queries.ts';
import { accountCsvColumns, accountsTable } from './table.ts';

const PAGE_SIZE = 100;

/** All accounts that the viewer sees: problems first, grouped by cause, then the list. */
export const accountsPage: Page = {
  path: '/accounts',
  answer: async (request) => {
    const { tx, url, filters, clock } = request;
    const filter = parseAccountsFilter(url.searchParams);
    const accounts = await readAccounts(tx, filters.accountId);
    const found = worstFirst(matching(accounts, filter));
    if (csvBlock(url) !== null) {
      const rows = await withFigures(tx, found);
      return { kind: 'csv', name: 'accounts', lines: csvLines(accountCsvColumns(clock), rows) };
    }
    return { kind: 'page', title: 'Accounts', isLive: true, body: blocks(request, { accounts, found, filter }) };
  },
};

type Lists = { accounts: readonly Account[]; found: readonly Account[]; filter: AccountsFilter };

async function* blocks(request: PageRequest, { accounts, found, filter }: Lists): AsyncGenerator<Html> {
  yield html`<h1>Accounts</h1>
<p class="verdict" id="verdict">${accounts.length === 0 && request.filters.accountId !== null ? NO_ACCOUNT.words : verdict(accounts)}</p>
`;
  yield html`<div id="problems">${problemNotices(problemGroups(found))}</div>`;
  yield await reportsNotice(request);
  yield await inTime(request.tx, { id: 'accounts', heading: 'All accounts' }, () => list(request, found, filter));
}

async function list({ tx, url, clock }: PageRequest, found: readonly Account[], filter: AccountsFilter): Promise<Html> {
  const paging = pagingOf(url, found.length, PAGE_SIZE);
  const rows = await withFigures(tx, found.slice(paging.first, paging.first + PAGE_SIZE));
  return block({
    id: 'accounts',
    heading: isFiltered(filter) ? `${accountsText(found.length)} found` : 'All accounts',
    views: ['accounts', 'sync_freshness', 'backlog_daily', 'sync_runs'],
    body: html`${filterForm(url, filter)}${filter.error !== null && html`<p>Only those with the last error ${filter.error}. ${link(changed(url, { error: null, page: null }), 'All errors')}</p>`}
${accountsTable(rows, { clock, csv: changed(url, { format: 'csv' }), ...(isFiltered(filter) && { empty: 'No account is like that.' }) })}
${pager(url, paging)}`,
  });
}

/** One sentence: how many of the accounts that are read are fresh. */
function verdict(accounts: readonly Account[]): string {
  const states = accounts.map(stateOf);
  const read = states.filter((state) => state !== 'disabled').length;
  if (read === 0) return 'No account is read yet.';
  const late = states.filter((state) => needOf(state) === 'act').length;
  const others = states.filter((state) => needOf(state) === 'look').length;
  const look = others === 0 ? '' : ` ${accountsText(others)} should be looked at.`;
  if (late > 0) return `${late} of ${accountsText(read)} ${late === 1 ? 'needs' : 'need'} a person.${look}`;
  const waiting = states.filter((state) => state === 'never_read').length;
  const first = waiting === 0 ? '' : ` ${accountsText(waiting)} will be read soon for the first time.`;
  return read === 1 ? `The account is fresh.${look}` : `All ${accountsText(read)} are fresh.${look}${first}`;
}
