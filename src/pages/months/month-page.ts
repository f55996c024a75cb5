import { monthText } from '../../model/time-text.ts';
import { isUnknownAccount } from '../html/filters.ts';
import { type Html, html } from '../html/html.ts';
import { csvLines } from '../html/table.ts';
import { inTime } from '../in-time.ts';
import { type KnownAt, readKnownAt, readStartOf, wrongKnownAt } from '../known-at.ts';
import { periodOf } from '../overview/period.ts';
import { scopeOf } from '../overview/scope.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageAnswer, type PageRequest } from '../page.ts';
import { reportsNotice } from '../reports-notice.ts';
import { byAccountBlock, byAccountCsv } from './by-account.ts';
import { monthOf } from './calendar.ts';
import type { Month } from './figures.ts';
import { figureColumns, figuresBlock } from './figures-block.ts';
import { countedText, glance, headOf, unreadText } from './head.ts';
import { readAsKnown, readNow } from './queries.ts';
import { funnelRows, reportRows } from './report.ts';
import type { ReportedFigures } from './reported.ts';
import { readReasons, readRestated } from './restated.ts';
import type { ShownMonth } from './shown.ts';
import { whyBlock, whyCsv } from './why.ts';

/** A month's report as it was known when the month ended, or at another time, and as it is known now. */
export function monthPage(kept: ReportedFigures): Page {
  return {
    path: '/months/:month',
    hasPeriod: false,
    answer: async (request) => {
      const { url, params, filters, clock, accounts } = request;
      if (isUnknownAccount(request)) return NO_ACCOUNT;
      const month = monthOf(params.month ?? '');
      const { today } = periodOf(filters.days, clock);
      if (month === null) return { kind: 'missing', words: 'There is no such month. A month is written as 2026-10.' };
      if (month.first > today) return { kind: 'missing', words: 'This month has not begun yet.' };
      const isOver = month.next <= today;
      const chosen = await readKnownAt(request.tx, url);
      if ('redirect' in chosen) return { kind: 'redirect', to: chosen.redirect };
      const known = chosen.instant === null && isOver ? await readReportedAt(request, month, chosen) : chosen;
      const reported = known.instant === null ? null : { ...known, instant: known.instant };
      const shown = { ...request, month, scope: scopeOf(filters, accounts), reported, isOver };
      const block = csvBlock(url);
      if (block !== null && chosen.problem !== null) return wrongKnownAt(chosen.problem);
      if (block !== null) return csvOf(shown, kept, block);
      return { kind: 'page', title: monthText(month.first), body: blocks(shown, kept, known) };
    },
  };
}

/** The end of the month; a wrong instant in the address is still told. */
async function readReportedAt({ tx }: PageRequest, { next }: Month, { problem }: KnownAt): Promise<KnownAt> {
  return { ...(await readStartOf(tx, next)), problem };
}

async function* blocks(shown: ShownMonth, kept: ReportedFigures, known: KnownAt): AsyncGenerator<Html> {
  const { tx, scope, month, reported } = shown;
  yield headOf(shown, known);
  yield await reportsNotice(shown);
  const now = await readNow(tx, scope, month);
  yield await glance(shown, now);
  const was = reported === null ? null : await readReported(shown, kept, reported);
  yield figuresBlock(shown, {
    id: 'report',
    heading: 'Report',
    views: ['flow_daily', 'backlog_daily', 'case_states', 'flow_as_known', 'backlog_as_of'],
    rows: reportRows(shown, now, was),
    note: html`${await unreadText(shown)}<p class="source">Decided, approved and declined count the first time for each case, so one that was declined and then approved is in both, but decided once; reopened counts changes of status. ${countedText(scope)}</p>`,
  });
  yield figuresBlock(shown, {
    id: 'funnel',
    heading: 'How far the cases opened in the month have come',
    views: ['funnel_monthly', 'funnel_as_known'],
    rows: funnelRows(shown, now, was),
  });
  if (reported !== null) {
    yield await inTime(tx, { id: 'why', heading: 'Why' }, async () => {
      const rows = await readRestated(tx, scope, month, reported.instant);
      return whyBlock(shown, rows, await readReasons(tx, rows, reported.instant));
    });
  }
  yield byAccountBlock(shown, now, was);
}

function readReported(shown: ShownMonth, kept: ReportedFigures, reported: NonNullable<ShownMonth['reported']>) {
  const { tx, scope, month, accounts, clock } = shown;
  const seen = accounts.map(({ id }) => id);
  const key = [month.first, reported.instant, clock.timezone, scope.accountId ?? '', ...seen];
  return kept.get(key, reported.isFinal, () => readAsKnown(tx, scope, month, reported.instant));
}

async function csvOf(shown: ShownMonth, kept: ReportedFigures, block: string): Promise<PageAnswer> {
  const { tx, scope, month, reported } = shown;
  const answer = (lines: Iterable<string>): PageAnswer => ({
    kind: 'csv',
    name: `${month.first.slice(0, 7)}-${block}`,
    lines,
  });
  if (block === 'why' && reported !== null)
    return answer(whyCsv(await readRestated(tx, scope, month, reported.instant)));
  if (!['report', 'funnel', 'accounts'].includes(block))
    return { kind: 'missing', words: 'There is no such table on this page.' };
  const now = await readNow(tx, scope, month);
  const was = reported === null ? null : await readReported(shown, kept, reported);
  if (block === 'accounts') return answer(byAccountCsv(shown, now, was));
  return answer(
    csvLines(figureColumns(shown), block === 'report' ? reportRows(shown, now, was) : funnelRows(shown, now, was)),
  );
}
