import { backlogColumns, backlogDays } from '../backlog-chart.ts';
import { filterParameters } from '../html/filters.ts';
import type { Html } from '../html/html.ts';
import { address } from '../html/link.ts';
import { csvLines } from '../html/table.ts';
import { inTime } from '../in-time.ts';
import { periodOf } from '../overview/period.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageAnswer, type PageRequest } from '../page.ts';
import { reportsNotice } from '../reports-notice.ts';
import { accountHead } from './account-head.ts';
import { readBacklog, readFindings, readStatusCounts } from './account-queries.ts';
import { FINDINGS, findingColumns, findingsBlock } from './findings.ts';
import { backlogBlock, backlogTitle, STAGE_PARTS, statusColumns, statusesBlock } from './numbers.ts';
import { type Account, readAccounts } from './queries.ts';
import { runCsvColumns, runsBlock, runsFilter } from './runs.ts';
import { readRuns } from './runs-queries.ts';

/** One account: state, problems, runs, numbers. */
export const accountPage: Page = {
  path: '/accounts/:account',
  answer: async (request) => {
    const { tx, url, params, filters } = request;
    // The choice in the head of the page leads to the other account.
    if (filters.accountId !== null && filters.accountId !== params.account) {
      const { days } = filterParameters(filters);
      return { kind: 'redirect', to: address(`/accounts/${encodeURIComponent(filters.accountId)}`, { days }) };
    }
    const [account] = await readAccounts(tx, params.account ?? '');
    if (account === undefined) return NO_ACCOUNT;
    const name = csvBlock(url);
    if (name !== null) return csv(request, account.account_id, name);
    return { kind: 'page', title: account.account_id, isLive: true, body: blocks(request, account) };
  },
};

async function* blocks(request: PageRequest, account: Account): AsyncGenerator<Html> {
  const { account_id: id } = account;
  const [lastRun = null] = await readRuns(
    request.tx,
    { accountId: id, states: null, hours: null },
    { limit: 1, offset: 0 },
  );
  const { tx, filters } = request;
  yield accountHead(account, lastRun, request.clock);
  yield await reportsNotice({ ...request, filters: { ...filters, accountId: id } });
  yield await inTime(tx, { id: 'findings', heading: FINDINGS }, () => findingsBlock(request, id));
  yield await inTime(tx, { id: 'runs', heading: 'Runs' }, () => runsBlock(request, id));
  yield await inTime(tx, { id: 'statuses', heading: 'Cases by status' }, () => statusesBlock(request, id));
  yield await inTime(tx, { id: 'backlog', heading: backlogTitle(filters.days) }, () => backlogBlock(request, id));
}

async function csv({ tx, url, filters, clock }: PageRequest, id: string, name: string): Promise<PageAnswer> {
  const file = (block: string, lines: Iterable<string>): PageAnswer => ({ kind: 'csv', name: `${id}-${block}`, lines });
  if (name === 'findings') return file(name, csvLines(findingColumns(id), await readFindings(tx, id)));
  if (name === 'statuses') return file(name, csvLines(statusColumns(id), await readStatusCounts(tx, id)));
  if (name === 'backlog') {
    return file(
      name,
      csvLines(backlogColumns(STAGE_PARTS), backlogDays(await readBacklog(tx, id, periodOf(filters.days, clock)))),
    );
  }
  if (name !== 'runs') return { kind: 'missing', words: 'An account has no such table.' };
  const runs = await readRuns(tx, runsFilter(url, id), { limit: null, offset: 0 });
  return file('runs', csvLines(runCsvColumns(clock, id), runs));
}
