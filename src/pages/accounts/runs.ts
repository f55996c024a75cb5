import { errorWords } from '../../model/error-words.ts';
import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { address, changed, link, pathOf } from '../html/link.ts';
import { pager, pagingOf } from '../html/pager.ts';
import { type Column, table } from '../html/table.ts';
import { timeAndAge } from '../html/time.ts';
import type { PageRequest } from '../page.ts';
import { RUN_CHOICES, type RunChoice, runNeed, runStateText, secondsText, triggerText } from './run-words.ts';
import { countRuns, type Run, type RunsFilter, readRuns } from './runs-queries.ts';

const PAGE_SIZE = 10;

/** The runs of an account, with a filter by result. */
export async function runsBlock({ tx, url, clock }: PageRequest, accountId: string): Promise<Html> {
  const filter = runsFilter(url, accountId);
  const runs = await countRuns(tx, filter);
  const paging = pagingOf(url, runs, PAGE_SIZE);
  const rows = await readRuns(tx, filter, { limit: PAGE_SIZE, offset: paging.first });
  const isChosen = filter.states !== null || filter.hours !== null;
  return block({
    id: 'runs',
    heading: 'Runs',
    views: ['sync_runs'],
    body: html`${choiceForm(url)}
${table({
  caption: captionText(runs, filter.hours),
  columns: runColumns(clock, accountId),
  rows,
  csv: changed(url, { format: 'csv', block: 'runs', page: null }),
  empty: isChosen ? 'No run is like that.' : 'No run yet. The first begins when the account is due.',
})}
${isChosen && html`<p>${link(`${changed(url, { state: null, hours: null, page: null })}#runs`, 'All runs')}</p>`}
${pager(url, paging, '#runs')}`,
  });
}

function captionText(runs: number, hours: number | null): string {
  const which = hours === null ? '' : ` of the last ${hours} hours`;
  return `${runs === 1 ? '1 run' : `${count(runs)} runs`}${which}, the newest first. Runs are kept for a limited time (retention.runDays).`;
}

/** The runs that an address asks for: `state`, `hours`. */
export function runsFilter(url: URL, accountId: string): RunsFilter {
  const choice = choiceOf(url);
  const hours = Number(url.searchParams.get('hours'));
  const areHours = Number.isSafeInteger(hours) && hours > 0 && hours < 100_000;
  return { accountId, states: choice === null ? null : RUN_CHOICES[choice], hours: areHours ? hours : null };
}

function choiceOf({ searchParams }: URL): RunChoice | null {
  return CHOICES.find((choice) => choice === searchParams.get('state')) ?? null;
}

const CHOICES: readonly RunChoice[] = ['running', 'succeeded', 'partial', 'failed', 'abandoned'];

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
  if (code !== null) return html`<span>${words}: ${errorWords(code).cause} (${code})</span>`;
  if (items_rejected > 0) return html`<span>${words}: ${count(items_rejected)} items cannot be read</span>`;
  return html`<span>${words}${not_modified && ', nothing had changed'}</span>`;
}

function choiceForm(url: URL): Html {
  const kept = ['days', 'hours'].map((name) => ({ name, value: url.searchParams.get(name) }));
  const chosen = choiceOf(url);
  return html`<form class="filters" method="get" action="${pathOf(url)}#runs">
${kept.map(({ name, value }) => value !== null && html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Result <select name="state"><option value="">All</option>${CHOICES.map((choice) => html`<option value="${choice}"${choice === chosen && html` selected`}>${runStateText(choice)}</option>`)}</select></label>
<button>Show</button>
</form>`;
}
