import { ACCOUNT_STATES, STATE_NAMES } from '../../model/account-state.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { pathOf } from '../html/link.ts';
import type { AccountsFilter } from './filter.ts';

/** The form above the list of accounts; without a script, its button shows the choice. */
export function filterForm(url: URL, { state, q }: AccountsFilter): Html {
  const kept = ['account', 'days'].map((name) => hidden(name, url.searchParams.get(name)));
  return html`<form class="filters" method="get" action="${pathOf(url)}">
${kept}
<label>State <select name="state"><option value="">All</option>${ACCOUNT_STATES.map((each) => html`<option value="${each}"${each === state && html` selected`}>${STATE_NAMES[each]}</option>`)}</select></label>
<label>Id or label <input type="search" name="q" value="${q}"></label>
<button>Show</button>
</form>`;
}

function hidden(name: string, value: string | null): Html {
  return value === null || value === '' ? nothing : html`<input type="hidden" name="${name}" value="${value}">`;
}
