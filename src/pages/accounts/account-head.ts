import { adviceOf, errorOf, needOf, remedyFor, stateOf, stateText } from '../../model/account-state.ts';
import type { Clock } from '../../model/time-text.ts';
import { accountText } from '../html/filters.ts';
import { type Html, html } from '../html/html.ts';
import { address, link } from '../html/link.ts';
import { sentence } from '../html/sentence.ts';
import { dueTime, timeAndAge } from '../html/time.ts';
import type { Account } from './queries.ts';
import { runAddress } from './runs.ts';
import type { Run } from './runs-queries.ts';

/** Name, state in one sentence, the step that a person must take, facts. */
export function accountHead(account: Account, lastRun: Run | null, clock: Clock): Html {
  const { account_id: id, account_label: label, environment, partner_id } = account;
  return html`<h1>${accountText({ id, label })}</h1>
<div id="state">
<p class="verdict">${sentence(stateText(account))}</p>
${advice(account, lastRun)}
<dl class="figures">
<div><dt>Environment</dt><dd>${environment}</dd></div>
<div><dt>Credentials</dt><dd>${partner_id === null ? 'its own' : html`of partner ${partner_id}`}</dd></div>
<div><dt>First read</dt><dd>${timeAndAge(account.first_read_at, clock)}</dd></div>
<div><dt>Last success</dt><dd>${timeAndAge(account.last_success_at, clock)}</dd></div>
<div><dt>Next success due</dt><dd>${dueTime(account.next_due_at, clock)}</dd></div>
${account.paused_since !== null && html`<div><dt>Paused since</dt><dd>${timeAndAge(account.paused_since, clock)}${account.paused_by !== null && ` by ${account.paused_by}`}</dd></div>`}
</dl>
<p>${link(address('/cases', { account: id }), 'Open cases')} · ${link(address('/cases', { account: id, state: 'all' }), 'All cases')} · ${link(address('/months', { account: id }), 'Months')} · ${link(address('/', { account: id }), 'Overview of this account')}</p>
</div>
`;
}

function advice(account: Account, lastRun: Run | null): Html | null {
  const state = stateOf(account);
  const found = adviceOf(state, errorOf(account));
  const need = needOf(state);
  if (found === null || need === null) return null;
  const message = lastRun !== null && lastRun.error_code === errorOf(account) ? lastRun.error_message : null;
  return html`<div class="notice ${need}">
<p><span class="${need}-word">${need === 'act' ? 'Act' : 'Look'}:</span> ${remedyFor(found.remedy, [account])}</p>
${message !== null && lastRun !== null && html`<p>The ${link(runAddress(account.account_id, lastRun.id), 'last run')} said: ${message}</p>`}
</div>`;
}
