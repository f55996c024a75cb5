import { remedyFor } from '../../model/account-state.ts';
import { errorWords } from '../../model/error-words.ts';
import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { FROM_AND_TO, timeColumn } from '../html/columns.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { accountAddress, caseAddress, changed, link } from '../html/link.ts';
import { sentence } from '../html/sentence.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { timeAndAge } from '../html/time.ts';
import { inTime } from '../in-time.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageRequest } from '../page.ts';
import { runNeed, runSentence, runStateText, secondsText, triggerText } from './run-words.ts';
import { type LearnedTransition, MOST_LEARNED, type Run, readLearned, readRun } from './runs-queries.ts';

/** One run of an account: figures, error, and the changes of status that it learned. */
export const runPage: Page = {
  path: '/accounts/:account/runs/:run',
  answer: async (request) => {
    const { tx, url, params, clock } = request;
    const { account = '', run: id = '' } = params;
    const run = await readRun(tx, account, id);
    if (run === null) return { ...NO_ACCOUNT, words: NO_RUN };
    if (csvBlock(url) !== null) {
      const lines = csvLines(learnedColumns(account, clock), await readLearned(tx, account, run.id));
      return { kind: 'csv', name: `${account}-run`, lines };
    }
    const body = blocks(request, account, run);
    return { kind: 'page', title: `A run of ${account}`, isLive: run.state === 'running', body };
  },
};

const LEARNED = 'Changes of status that it learned';
const NO_RUN = 'There is no such run, or you may not see it. Runs are kept for a limited time (retention.runDays).';

async function* blocks({ tx, url, clock }: PageRequest, account: string, run: Run): AsyncGenerator<Html> {
  yield html`<h1>Run of ${link(accountAddress(account), account)}, ${timeAndAge(run.started_at, clock)}</h1>
<div id="run">
<p class="verdict">${sentence(runStateText(run.state))}</p>
<p>${runSentence(run)}</p>
${errorNotice(account, run)}
${figures(run)}
</div>
`;
  yield await inTime(tx, { id: 'learned', heading: LEARNED }, async () => {
    const rows = await readLearned(tx, account, run.id);
    const body = learnedTable(rows, { account, run, clock, url });
    return block({ id: 'learned', heading: LEARNED, views: ['status_transitions', 'sync_runs'], body });
  });
}

function errorNotice(account: string, { state, error_code: code, error_message: message }: Run): Html {
  if (code === null) return nothing;
  const need = runNeed(state) ?? 'look';
  const { cause, remedy } = errorWords(code);
  return html`<div class="notice ${need}">
<p><span class="${need}-word">${code}:</span> ${cause}. ${remedyFor(remedy, [{ account_id: account }])}</p>
${message !== null && html`<p>The message of the run: ${message}</p>`}
</div>`;
}

function figures(run: Run): Html {
  const pairs: [string, string][] = [
    ['Took', secondsText(run.duration_seconds)],
    ['Started', triggerText(run.trigger)],
    ['Cases read', run.not_modified ? '–' : count(run.cases_seen)],
    ['New', count(run.cases_created)],
    ['Changed', count(run.cases_updated)],
    ['Unchanged', count(run.cases_unchanged)],
    ['Marked missing', count(run.cases_missing)],
    ['Back in the list', count(run.cases_returned)],
    ['Held back', count(run.missing_held_back)],
    ['Events learned', count(run.events_recorded)],
    ['Status changes', count(run.transitions_recorded)],
    ['Items rejected', count(run.items_rejected)],
    ['Requests', count(run.requests)],
    ['Retries', count(run.retries)],
    ['Kilobytes read', count(run.bytes_read / 1000)],
  ];
  return html`<dl class="figures">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

type Learned = { account: string; run: Run; clock: Clock; url: URL };

function learnedTable(rows: readonly LearnedTransition[], { account, run, clock, url }: Learned): Html {
  const most = rows.length === MOST_LEARNED ? `, the last ${MOST_LEARNED} of them` : '';
  return table({
    caption: `Of ${count(run.transitions_recorded)} changes those that still hold${most}`,
    columns: learnedColumns(account, clock),
    rows,
    csv: changed(url, { format: 'csv' }),
    empty:
      run.transitions_recorded === 0
        ? 'It learned no change of status.'
        : 'None of them still holds: later runs learned better times for all.',
  });
}

function learnedColumns(account: string, clock: Clock): Column<LearnedTransition>[] {
  return [
    {
      heading: 'Case',
      name: 'case_id',
      csv: (row) => row.case_id,
      cell: (row) => link(caseAddress({ accountId: account, caseId: row.case_id }), row.case_id),
    },
    ...FROM_AND_TO,
    timeColumn('Happened', 'occurred_at', (at) => timeAndAge(at, clock)),
    timeColumn('Learned', 'recorded_at', (at) => timeAndAge(at, clock)),
  ];
}
