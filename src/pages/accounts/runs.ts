import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { address, changed, link, pathOf } from '../html/link.ts';
import { count } from '../html/number.ts';
import { type Column, table } from '../html/table.ts';
import { type Clock, timeAndAge } from '../html/time.ts';
import type { PageRequest } from '../page.ts';
import { errorWords } from './error-words.ts';
import { pageOf } from './filter.ts';
import { pager } from './list-controls.ts';
import { RUN_STATES, runNeed, runStateText, secondsText, triggerText } from './run-words.ts';
import { countRuns, type Run, readRuns } from './runs-queries.ts';

const PAGE_SIZE = 25;

/** The runs of an account, with a filter by state. */
export async function runsBlock({ tx, url, clock }: PageRequest, accountId: string): Promise<Html> {
  const choice = { accountId, state: runStateOf(url) };
  const runs = await countRuns(tx, choice);
  const last = Math.max(1, Math.ceil(runs / PAGE_SIZE));
  const page = Math.min(pageOf(url.searchParams), last);
  const rows = await readRuns(tx, choice, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
  return block({
    id: 'runs',
    heading: 'Runs',
    views: ['sync_runs'],
    body: html`${stateForm(url, choice.state)}
${table({
  caption: `${count(runs)} runs, the newest first; older ones were deleted (retention.runDays)`,
  columns: runColumns(clock, accountId),
  rows,
  csv: changed(url, { format: 'csv', block: 'runs', page: null }),
  empty: choice.state === null ? 'No run yet. The first begins when the account is due.' : 'No run ended like that.',
})}
${pager(url, { page, last }, '#runs')}`,
  });
}

/** The state that an address asks for; null = all. */
export function runStateOf({ searchParams }: URL): string | null {
  return RUN_STATES.find((state) => state === searchParams.get('state')) ?? null;
}

/** The page of one run. */
export function runAddress(accountId: string, runId: string): string {
  return address(`/accounts/${encodeURIComponent(accountId)}/runs/${encodeURIComponent(runId)}`);
}

function runColumns(clock: Clock, accountId: string): Column<Run>[] {
  return [
    {
      heading: 'Started',
      name: 'started_at',
      csv: (run) => run.started_at,
      cell: (run) => link(runAddress(accountId, run.id), timeAndAge(run.started_at, clock)),
    },
    {
      heading: 'Took',
      name: 'duration_seconds',
      csv: (run) => run.duration_seconds,
      cell: (run) => secondsText(run.duration_seconds),
      isNumber: true,
    },
    { heading: 'Started by', name: 'trigger', csv: (run) => run.trigger, cell: (run) => triggerText(run.trigger) },
    { heading: 'Result', name: 'state', csv: (run) => run.state, cell: resultCell },
    ...figures.map(
      ([heading, name]): Column<Run> => ({
        heading,
        name,
        csv: (run) => run[name],
        // After a 304 no case was read: zeros would look like an empty list.
        cell: (run) => (run.not_modified && name.startsWith('cases_') ? '–' : count(run[name])),
        isNumber: true,
      }),
    ),
  ];
}

const figures = [
  ['Read', 'cases_seen'],
  ['New', 'cases_created'],
  ['Changed', 'cases_updated'],
  ['Missing', 'cases_missing'],
  ['Back', 'cases_returned'],
  ['Requests', 'requests'],
  ['Retries', 'retries'],
] as const satisfies readonly [string, keyof Run][];

/** For programs: everything that the view has. */
export function runCsvColumns(clock: Clock, accountId: string): Column<Run>[] {
  const plain = (name: keyof Run): Column<Run> => ({ heading: name, name, csv: (run) => run[name] });
  const others = ['id', 'finished_at', 'complete', 'not_modified', 'cases_unchanged', 'missing_held_back'] as const;
  const more = ['events_recorded', 'transitions_recorded', 'items_rejected', 'bytes_read', 'error_code'] as const;
  return [...runColumns(clock, accountId), ...[...others, ...more, 'error_message' as const].map(plain)];
}

function resultCell(run: Run): Html {
  const { state, error_code: code, not_modified, items_rejected } = run;
  const need = runNeed(state);
  const words =
    need === null ? html`${runStateText(state)}` : html`<span class="${need}-word">${runStateText(state)}</span>`;
  if (code !== null) return html`${words}: ${errorWords(code).cause} (${code})`;
  if (items_rejected > 0) return html`${words}: ${count(items_rejected)} items cannot be read`;
  return html`${words}${not_modified && ', nothing had changed'}`;
}

function stateForm(url: URL, chosen: string | null): Html {
  const days = url.searchParams.get('days');
  return html`<form class="filters" method="get" action="${pathOf(url)}#runs">
${days !== null && html`<input type="hidden" name="days" value="${days}">`}
<label>Result <select name="state"><option value="">All</option>${RUN_STATES.map((state) => html`<option value="${state}"${state === chosen && html` selected`}>${runStateText(state)}</option>`)}</select></label>
<button>Show</button>
</form>`;
}
