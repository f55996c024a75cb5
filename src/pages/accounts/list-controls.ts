import { type Html, html, nothing } from '../html/html.ts';
import { changed, link, pathOf } from '../html/link.ts';
import type { AccountsFilter } from './filter.ts';
import { ACCOUNT_STATES, STATE_NAMES } from './state.ts';

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

/** The pages of a list; nothing if there is one only. */
export function pager(url: URL, { page, last }: { page: number; last: number }, hash = ''): Html {
  if (last <= 1) return nothing;
  const to = (number: number, words: string) =>
    link(`${changed(url, { page: number === 1 ? null : number })}${hash}`, words);
  return html`<nav class="pager" aria-label="Pages of the list">${page > 1 && to(page - 1, 'Previous')} <span>Page ${page} of ${last}</span> ${page < last && to(page + 1, 'Next')}</nav>`;
}

function hidden(name: string, value: string | null): Html {
  return value === null || value === '' ? nothing : html`<input type="hidden" name="${name}" value="${value}">`;
}
