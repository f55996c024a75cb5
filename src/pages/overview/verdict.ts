import type { Account } from '../accounts/queries.ts';
import { stateOf } from '../accounts/state.ts';
import { accountsText } from '../accounts/table.ts';
import { type Html, html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { count } from '../html/number.ts';

/** One sentence about the accounts of the page's totals: whether their data are fresh, and how much needs a person. */
export function verdict(accounts: readonly Account[], needs: number): Html {
  return html`<section id="verdict" aria-label="In short"><p class="verdict">${freshnessText(accounts)} ${needsText(needs)}</p></section>
`;
}

function freshnessText(accounts: readonly Account[]): string {
  const read = accounts.filter(({ enabled }) => enabled);
  if (read.length === 0) return accounts.length === 1 ? 'The account is no longer read.' : 'No account is read.';
  const paused = read.filter(({ paused_since }) => paused_since !== null).length;
  if (paused === read.length)
    return paused === 1 ? 'The account is paused.' : `All ${accountsText(paused)} are paused.`;
  const late = read.filter(({ is_stale, paused_since }) => is_stale === true && paused_since === null).length;
  if (late > 0) return lateText(late, read.length);
  // Data stay fresh for some minutes after a refusal, but "All accounts are fresh" above it would contradict it.
  const refused = read.filter((account) => stateOf(account) === 'refused').length;
  if (refused > 0) return refusedText(refused, read.length);
  const unread = read.filter((account) => stateOf(account) === 'never_read').length;
  const fresh = read.length - unread - paused;
  const first = unread === 0 ? '' : `${accountsText(unread)} ${unread === 1 ? 'is' : 'are'} read for the first time.`;
  if (fresh === 0) return first;
  const all =
    fresh === read.length && fresh > 1
      ? `All ${accountsText(fresh)} are`
      : `${accountsText(fresh)} ${fresh === 1 ? 'is' : 'are'}`;
  return `${all} fresh. ${first}`.trim();
}

function lateText(late: number, all: number): string {
  if (late === all) return all === 1 ? 'The account is late.' : `All ${accountsText(all)} are late.`;
  return `${count(late)} of ${accountsText(all)} ${late === 1 ? 'is' : 'are'} late.`;
}

function refusedText(refused: number, all: number): string {
  if (refused === all) return all === 1 ? 'Dintero refuses the account.' : `Dintero refuses all ${accountsText(all)}.`;
  return `Dintero refuses ${count(refused)} of ${accountsText(all)}.`;
}

function needsText(needs: number): string {
  if (needs === 0) return 'Nothing needs a person.';
  return needs === 1 ? '1 thing needs a person.' : `${count(needs)} things need a person.`;
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
