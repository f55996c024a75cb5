import { freshnessText, needsText } from '../../model/verdict.ts';
import type { Account } from '../accounts/queries.ts';
import { type Html, html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { isInScope, type Scope } from './scope.ts';

/** One sentence about the accounts of the page's totals: whether their data are fresh, and how much needs a person. */
export function verdict(accounts: readonly Account[], { scope, needs }: { scope: Scope; needs: number }): Html {
  const counted = accounts.filter(({ account_id }) => isInScope(scope, account_id));
  const freshness = freshnessText(counted, scope.leftOut.length > 0 ? 'production' : 'all');
  return html`<section id="verdict" aria-label="In short"><p class="verdict">${freshness} ${needsText(needs)}</p></section>
`;
}

/** The chosen account is none that the viewer sees. */
export function noSuchAccount(accountId: string): Html {
  return html`<section id="verdict" aria-label="In short"><p class="verdict">There is no account ${accountId}, or you may not see it.</p>
<p>${link('/', 'All accounts')}</p></section>
`;
}

/** Before the first run: says which things will appear, and when. */
export function nothingYet(): Html {
  return html`<section id="verdict" aria-label="In short"><p class="verdict">Nothing was synced yet.</p>
<p>Accounts appear here when their first run has begun: a minute after the worker started, or at once with
<code>cdd-sync sync</code>. Then this page shows whether they are fresh, which cases wait for whom and for how long, and
what needs a person. If nothing appears, <code>cdd-sync check</code> says why.</p></section>
`;
}
