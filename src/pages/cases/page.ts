import { csvLine } from '../../model/csv.ts';
import { count } from '../../model/number-text.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { table } from '../html/table.ts';
import { csvBlock, type Page, type PageRequest } from '../page.ts';
import { CSV_COLUMNS, type SortLinks, tableColumns } from './columns.ts';
import { type CasesFilter, casesAddress, parseFilter, shownState } from './filter.ts';
import { filterForm, readStatuses } from './form.ts';
import { type CaseList, countCases, readAllRows, readList } from './list.ts';
import { orderOf, sortOf } from './order.ts';
import { placeText, type Start, startOf } from './place.ts';
import { type CaseRow, readRows } from './rows.ts';
import { chosenFilters, fileName, orderText, STATE_WORDS, totalText } from './words.ts';

export const casesPage: Page = {
  path: '/cases',
  hasPeriod: false,
  answer: async (request) => {
    const { url, tx, clock } = request;
    const { filter, problems } = parseFilter(url.searchParams);
    if (csvBlock(url) === null) return { kind: 'page', title: 'Cases', body: blocks(request, filter, problems) };
    // A file has no place for words: it must not hold other cases than were asked for.
    const wrong = [...problems, ...unknownAccounts(request, filter)];
    if (wrong.length > 0) return { kind: 'wrong', words: wrong.join(' ') };
    return { kind: 'csv', name: fileName(filter, clock), lines: fileLines(readAllRows(tx, filter)) };
  },
};

/** The headings wait for the first rows: until a line is sent, an error can be told in words. */
async function* fileLines(batches: AsyncIterable<readonly CaseRow[]>): AsyncGenerator<string> {
  let headings = csvLine(CSV_COLUMNS.map(({ name }) => name));
  for await (const rows of batches) {
    for (const row of rows) {
      yield headings + csvLine(CSV_COLUMNS.map(({ csv }) => csv(row)));
      headings = '';
    }
  }
  if (headings !== '') yield headings;
}

/** The form is sent before the list is known. */
async function* blocks(request: PageRequest, filter: CasesFilter, wrong: readonly string[]): AsyncGenerator<Html> {
  const { tx, url } = request;
  const start = startOf(url.searchParams, orderOf(filter).kind);
  const problems = [
    ...wrong,
    ...unknownAccounts(request, filter),
    ...(start === undefined ? ['The place in the list cannot be read. The list is shown from its beginning.'] : []),
  ];
  yield html`<h1>Cases</h1>
${problems.length > 0 && html`<div class="notice look" role="status">${problems.map((problem) => html`<p>${problem}</p>`)}</div>`}
${filterForm(filter, await readStatuses(tx))}`;
  const list = await readList(tx, filter, start ?? null);
  const body = html`${chosenList(filter)}${await listBody(request, filter, { list, start: start ?? null })}`;
  const heading = html`<data value="${list.total}">${totalText(filter, list)}</data>`;
  const linked = filter.declined_before === null ? [] : ['linked_cases'];
  const kept = isOfRetention(filter) ? ['retention'] : [];
  const views = ['cases', 'status_targets', 'periodic_reviews', ...kept, ...linked];
  yield block({ id: 'cases', heading, views, body });
}

function isOfRetention(filter: CasesFilter): boolean {
  return filter.retention !== null || sortOf(filter) === 'kept';
}

function unknownAccounts({ accounts }: PageRequest, filter: CasesFilter): string[] {
  return filter.account
    .filter((id) => !accounts.some((account) => account.id === id))
    .map((id) => `There is no account “${id}”, or you may not see it.`);
}

function chosenList(filter: CasesFilter): Html {
  const chosen = chosenFilters(filter).map(
    ({ words, without }) =>
      html`<li>${words} <a href="${casesAddress(without)}" aria-label="Remove the filter: ${words}">remove</a></li>`,
  );
  return html`<ul class="chosen" aria-label="Chosen filters">${chosen}</ul>`;
}

async function listBody(
  { tx, url, clock, accounts }: PageRequest,
  filter: CasesFilter,
  { list, start }: { list: CaseList; start: Start },
): Promise<Html> {
  const body = table({
    caption: orderText(filter),
    columns: tableColumns(clock, { sort: sortLinks(url, filter), isOfRetention: isOfRetention(filter) }),
    rows: await readRows(tx, list.places),
    csv: changed(url, { format: 'csv', after: null, before: null }),
    empty:
      accounts.length === 0
        ? 'No case was read yet. Cases appear here while the first run of an account reads its list.'
        : list.total > 0
          ? 'The list has no more cases.'
          : await nothingFits(tx, filter),
  });
  return html`${body}${pager(url, list, start)}`;
}

/** Names the state if it alone leaves nothing: approved and declined cases are not open, and a link may have kept the state. */
async function nothingFits(tx: PageRequest['tx'], filter: CasesFilter): Promise<Html> {
  const state = shownState(filter);
  const wider = { ...filter, state: 'all' as const };
  const found = state === 'all' ? 0 : await countCases(tx, wider);
  if (found === 0) return html`No case fits, of whatever state. Remove one of the filters above.`;
  const cases = found === 1 ? '1 case of another state fits' : `${count(found)} cases of other states fit`;
  return html`No case that is ${STATE_WORDS[state]} fits, but ${link(casesAddress(wider), cases)}.`;
}

/** A heading orders by its column; chosen again, the other way round. */
function sortLinks(url: URL, { sort }: CasesFilter): SortLinks {
  return (name) => {
    const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : null;
    const next = direction === 'ascending' ? `-${name}` : name;
    return { href: changed(url, { sort: next, after: null, before: null }), direction };
  };
}

function pager(url: URL, { places, total, hasPrevious, hasNext }: CaseList, start: Start): Html {
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) {
    return html`${start !== null && html`<nav class="pager" aria-label="Pages of the list">${link(changed(url, { after: null, before: null }), 'To the beginning')}</nav>`}`;
  }
  const previous = changed(
    url,
    first.position > 51 ? { before: placeText(first), after: null } : { before: null, after: null },
  );
  return html`<nav class="pager" aria-label="Pages of the list"><span>${count(first.position)}–${count(last.position)} of ${count(total)}</span>
${hasPrevious && link(previous, 'Previous')}${hasNext && link(changed(url, { after: placeText(last), before: null }), 'Next')}</nav>`;
}
