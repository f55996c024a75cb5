import { type Html, html, nothing } from './html.ts';
import { changed, link } from './link.ts';

/** One page of a list: its number from 1, the number of pages, and the index of its first row. */
export type Paging = { page: number; pages: number; first: number };

/** The page that an address asks for (`page`): the first one without a number, the last one beyond the end. */
export function pagingOf({ searchParams }: URL, rows: number, pageSize: number): Paging {
  const pages = Math.max(1, Math.ceil(rows / pageSize));
  const asked = Number(searchParams.get('page'));
  const page = Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, pages) : 1;
  return { page, pages, first: (page - 1) * pageSize };
}

/** Links to the pages before and after; nothing if there is only one page. `hash` leads back to the list: `#runs`. */
export function pager(url: URL, { page, pages }: Paging, hash = ''): Html {
  if (pages === 1) return nothing;
  const to = (number: number, words: string) =>
    link(`${changed(url, { page: number === 1 ? null : number })}${hash}`, words);
  return html`<nav class="pager" aria-label="Pages of the list">${page > 1 && to(page - 1, 'Previous')} <span>Page ${page} of ${pages}</span> ${page < pages && to(page + 1, 'Next')}</nav>`;
}
