import type { Transaction } from '../../store/postgres/pool.ts';
import { type Html, html } from '../html/html.ts';
import { stageText } from '../html/stage.ts';
import { statusText } from '../html/status.ts';
import { type CasesFilter, RETENTION_STATES, SORTS, STAGES, STATES } from './filter.ts';
import { RETENTION_WORDS, SORT_WORDS, STATE_WORDS } from './words.ts';

/** The statuses in the order of a case's normal course. */
export function readStatuses(tx: Transaction): Promise<{ status: string }[]> {
  return tx.$queryRaw<{ status: string }[]>`
    select status from reporting.statuses order by rank nulls last, status`;
}

type Option = readonly [value: string, words: string];

/** The filters as a form; the account is chosen in the head of the page. */
export function filterForm(filter: CasesFilter, statuses: readonly { status: string }[]): Html {
  const kept = ([name, values]: readonly [string, readonly (string | number | null)[]]) =>
    values.map((value) => value !== null && html`<input type="hidden" name="${name}" value="${value}">`);
  const { account, ids, waiting_from_hours, waiting_to_hours, copies, in_backlog } = filter;
  return html`<form class="filters many" method="get" action="/cases" role="search">
${Object.entries({
  account,
  ids,
  waiting_from_hours: [waiting_from_hours],
  waiting_to_hours: [waiting_to_hours],
  copies: [copies],
  in_backlog: [in_backlog],
  stage: filter.stage.slice(1),
  status: filter.status.slice(1),
}).map(kept)}
<label>Name, number or id <input type="search" name="q" value="${filter.q}" maxlength="100"></label>
${select(
  'State',
  'state',
  filter.state,
  STATES.map((state) => [state, STATE_WORDS[state]]),
  // With `open` as the first choice, a form that asks for declined cases would find none.
  'open, or all where another filter says so',
)}
${select(
  'Stage',
  'stage',
  filter.stage[0] ?? null,
  STAGES.map((stage) => [stage, stageText(stage)]),
)}
${select(
  'Status',
  'status',
  filter.status[0] ?? null,
  statuses.map(({ status }) => [status, statusText(status)]),
)}
${select('Target', 'target', filter.target, [
  ['breached', 'Past their target'],
  ['due_soon', 'Due soon'],
])}
${select(
  'Order',
  'sort',
  filter.sort,
  SORTS.flatMap((sort): Option[] => [
    [sort, SORT_WORDS[sort]],
    [`-${sort}`, `${SORT_WORDS[sort]}, reversed`],
  ]),
  'Usual',
)}
<button>Show</button>
${moreFilters(filter)}
</form>
`;
}

function moreFilters(filter: CasesFilter): Html {
  const { environment, review, review_from, review_by, opened_from, opened_to, decided_from, decided_to } = filter;
  const { decision, declined_before, route, country, product, package: plan } = filter;
  const { corrected_from, corrected_to } = filter;
  const days = [review_from, review_by, opened_from, opened_to, decided_from, decided_to, corrected_from, corrected_to];
  const others = [environment, review, filter.retention, decision, declined_before, route, country, product, plan];
  const isOpen = [...days, ...others].some((value) => value !== null);
  return html`<details id="more-filters"${isOpen && html` open`}><summary>More filters</summary>
<div class="filters many">
${select('Environment', 'environment', environment, [
  ['production', 'Production'],
  ['test', 'Test'],
])}
${select('Periodic review', 'review', review, [
  ['overdue', 'Overdue'],
  ['due_soon', 'Due soon'],
])}
${dayInput('Review due from', 'review_from', review_from)}
${dayInput('to', 'review_by', review_by)}
${select(
  'Kept',
  'retention',
  filter.retention,
  RETENTION_STATES.map((state) => [state, RETENTION_WORDS[state]]),
)}
${dayInput('Opened from', 'opened_from', opened_from)}
${dayInput('to', 'opened_to', opened_to)}
${dayInput('Decided from', 'decided_from', decided_from)}
${dayInput('to', 'decided_to', decided_to)}
${dayInput('Corrected from', 'corrected_from', corrected_from)}
${dayInput('to', 'corrected_to', corrected_to)}
${select('Ever decided', 'decision', decision, [
  ['approved', 'Approved'],
  ['declined', 'Declined'],
])}
${select('Organization', 'declined_before', declined_before, [['yes', 'Declined before']])}
${select('Decision made', 'route', route, [
  ['manual', 'Manually'],
  ['automatic', 'Automatically'],
])}
${textInput('Country', 'country', country)}
${textInput('Product', 'product', product)}
${textInput('Package', 'package', plan)}
</div></details>`;
}

function select(label: string, name: string, chosen: string | null, options: readonly Option[], none = 'Any'): Html {
  // A status that is no longer in use can stand in an old address.
  const isKnown = chosen === null || options.some(([value]) => value === chosen);
  const all = [['', none] as const, ...options, ...(isKnown ? [] : [[chosen, chosen] as const])];
  return html`<label>${label} <select name="${name}">${all.map(
    ([value, words]) => html`<option value="${value}"${value === (chosen ?? '') && html` selected`}>${words}</option>`,
  )}</select></label>`;
}

function dayInput(label: string, name: string, value: string | null): Html {
  return html`<label>${label} <input type="date" name="${name}" value="${value}"></label>`;
}

function textInput(label: string, name: string, value: string | null): Html {
  return html`<label>${label} <input name="${name}" value="${value}" maxlength="200" size="8"></label>`;
}
