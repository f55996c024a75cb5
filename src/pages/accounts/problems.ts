import type { ProblemGroup } from '../../model/account-problems.ts';
import { accountsText, adviceOf, needOf, remedyFor, STATE_NAMES } from '../../model/account-state.ts';
import { accountText } from '../html/filters.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { accountAddress, address, link } from '../html/link.ts';
import type { Account } from './queries.ts';

// A thousand accounts mostly have one problem: the accounts that need a person are grouped by their cause.

/** Names that are shown at once; a longer list is closed. */
const SHOWN_AT_ONCE = 3;
/** The rest of a group is behind a link to the list. */
const MOST_NAMES = 100;

/** One notice for each group: number, cause, remedy, and the accounts. */
export function problemNotices(groups: readonly ProblemGroup<Account>[]): Html {
  return html`${groups.map(groupNotice)}`;
}

function groupNotice({ state, code, accounts }: ProblemGroup<Account>): Html {
  const advice = adviceOf(state, code);
  const need = needOf(state);
  if (advice === null || need === null) return nothing;
  const word = need === 'act' ? 'Act' : 'Look';
  const all = address('/accounts', { state, error: state === 'paused' ? null : (code ?? 'none') });
  return html`<div class="notice ${need}" id="problem-${state}-${code ?? 'none'}">
<p><span class="${need}-word">${word}:</span> ${link(all, accountsText(accounts.length))} ${accounts.length === 1 ? 'is' : 'are'} ${STATE_NAMES[state]}: ${advice.cause}${code !== null && state !== 'paused' && ` (${code})`}.</p>
<p>${remedyFor(advice.remedy, accounts)}</p>
${names(accounts, { id: `names-${state}-${code ?? 'none'}`, all })}
</div>
`;
}

function names(accounts: readonly Account[], { id, all }: { id: string; all: string }): Html {
  const shown = accounts.slice(0, MOST_NAMES);
  const list = html`<ul>${shown.map(({ account_id, account_label }) => html`<li>${link(accountAddress(account_id), accountText({ id: account_id, label: account_label }))}</li>`)}</ul>`;
  if (accounts.length <= SHOWN_AT_ONCE) return list;
  const rest = accounts.length > MOST_NAMES && html`<p>${link(all, `All ${accountsText(accounts.length)}`)}</p>`;
  return html`<details id="${id}"><summary>Which accounts</summary>${list}${rest}</details>`;
}
