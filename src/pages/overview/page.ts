import { accountsText, worstFirst } from '../../model/account-state.ts';
import { type Account, readAccounts, withFigures } from '../accounts/queries.ts';
import { accountsTable } from '../accounts/table.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { inTime } from '../in-time.ts';
import { csvBlock, type Page } from '../page.ts';
import { attentionBlock } from './attention.ts';
import { backlogBlock } from './backlog.ts';
import { readCaseFigures } from './case-figures.ts';
import { type Context, MOST_TRANSITIONS, tableLines } from './csv.ts';
import { decisionTimesBlock } from './decision-times.ts';
import { readFindings } from './due-queries.ts';
import { figuresBlock } from './figures.ts';
import { FINDINGS, findingsBlock } from './findings.ts';
import { funnelBlock } from './funnel.ts';
import { caseNeeds, readOtherNeeds } from './needs.ts';
import { periodOf } from './period.ts';
import { readBacklog, readFunnel, readTransitions } from './report-queries.ts';
import { scopeOf } from './scope.ts';
import { TRANSITIONS, transitionsBlock } from './transitions.ts';
import { noSuchAccount, nothingYet, verdict } from './verdict.ts';
import { waitingBlock } from './waiting.ts';

const ACCOUNTS = { id: 'accounts', heading: 'Accounts' };
const MOST_ACCOUNTS = 10;

/** A verdict, the things that need a person, and the figures of a period. */
export const overviewPage: Page = {
  path: '/',
  answer: async (request) => {
    const { filters, accounts, clock } = request;
    const context = { ...request, scope: scopeOf(filters, accounts), period: periodOf(filters.days, clock) };
    const name = csvBlock(request.url);
    if (name !== null) {
      const lines = await tableLines(context, name);
      return lines === null
        ? { kind: 'missing', words: 'The overview has no such table.' }
        : { kind: 'csv', name, lines };
    }
    return { kind: 'page', title: 'Overview', body: blocks(context), isLive: true };
  },
};

async function* blocks(context: Context): AsyncGenerator<Html> {
  const { tx, url, filters, clock, scope, period } = context;
  yield html`<h1 class="unseen">Overview</h1>
`;
  const accounts = await readAccounts(tx, filters.accountId);
  if (accounts.length === 0) return yield filters.accountId === null ? nothingYet() : noSuchAccount(filters.accountId);
  const { figures, needs, backlog, funnel } = await readTop(context, accounts);
  yield verdict(accounts, { scope, needs: needs.length });
  yield attentionBlock(needs);
  yield figuresBlock(figures, { scope, period });
  yield html`<div class="columns">
${backlogBlock(backlog, { scope, period, csv: csvAddress(url, 'backlog') })}
${funnelBlock(funnel, { scope, period, csv: csvAddress(url, 'funnel') })}
</div>
`;
  yield html`<div class="columns">
${waitingBlock(figures.open, { scope, csv: csvAddress(url, 'waiting') })}
${decisionTimesBlock(figures.months, { scope, csv: csvAddress(url, 'decision-times') })}
</div>
`;
  yield await inTime(tx, TRANSITIONS, async () =>
    transitionsBlock(await readTransitions(tx, scope, MOST_TRANSITIONS), {
      clock,
      scope,
      period,
      csv: csvAddress(url, 'transitions'),
    }),
  );
  yield await inTime(tx, ACCOUNTS, () => accountsBlock(context, accounts));
  // Last, because it takes longest and nobody has to act on it.
  yield await inTime(tx, FINDINGS, async () =>
    findingsBlock(await readFindings(tx, scope), csvAddress(url, 'findings')),
  );
}

/** All down to the charts: without any of it, the verdict is not known. */
async function readTop(context: Context, accounts: readonly Account[]) {
  const { tx, atOnce, scope, period, clock } = context;
  // The cases take half of the page's time.
  const [figures, { otherNeeds, backlog, funnel }] = await atOnce(
    (side) => readCaseFigures(side, scope, period),
    async () => ({
      otherNeeds: await readOtherNeeds(context, accounts),
      backlog: await readBacklog(tx, scope, period),
      funnel: await readFunnel(tx, scope, period),
    }),
  );
  const needs = [...otherNeeds, ...caseNeeds(figures, { scope, clock })];
  return { figures, needs, backlog, funnel };
}

async function accountsBlock({ tx, url, clock }: Context, accounts: readonly Account[]): Promise<Html> {
  const rows = await withFigures(tx, worstFirst(accounts).slice(0, MOST_ACCOUNTS));
  const all =
    accounts.length > MOST_ACCOUNTS && html`<p>${link('/accounts', `All ${accountsText(accounts.length)}`)}</p>`;
  return block({
    ...ACCOUNTS,
    views: ['accounts', 'sync_freshness', 'backlog_daily', 'sync_runs'],
    body: html`${accountsTable(rows, { clock, csv: csvAddress(url, 'accounts') })}${all}`,
  });
}

function csvAddress(url: URL, name: string): string {
  return changed(url, { format: 'csv', block: name });
}
