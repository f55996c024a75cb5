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
import type { Figures, Month } from './figures.ts';
import { figureColumns, figuresBlock } from './figures-block.ts';
import { countedText, glance, headOf, unreadText } from './head.ts';
import { readAsKnown, readNow, withCounts } from './queries.ts';
import { funnelRows, reportRows } from './report.ts';
import type { ReportedFigures } from './reported.ts';
import { type ComparedRow, countsThen, readCompared, readReasons, restated } from './restated.ts';
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
  const { tx, scope, reported } = shown;
  yield headOf(shown, known);
  yield await reportsNotice(shown);
  const { now, was, compared } = await readBoth(shown, kept);
  yield await glance(shown, now);
  yield figuresBlock(shown, {
    id: 'report',
    heading: 'Report',
    views: ['flow_daily', 'backlog_daily', 'case_states', 'flow_compared', 'backlog_as_of'],
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
      const rows = restated(compared);
      return whyBlock(shown, rows, await readReasons(tx, rows, reported.instant));
    });
  }
  yield byAccountBlock(shown, now, was);
}

type Both = { now: Figures; was: Figures | null; compared: ComparedRow[] };

/** The figures now, and as they were reported: two connections, because each takes a second for a million cases. */
async function readBoth(shown: ShownMonth, kept: ReportedFigures): Promise<Both> {
  const { tx, atOnce, scope, month, accounts, clock, reported } = shown;
  const asked = { scope, month };
  if (reported === null) return { now: (await readNow(tx, asked, null)).now, was: null, compared: [] };
  const { instant, isFinal } = reported;
  const key = [month.first, instant, clock.timezone, scope.accountId ?? '', ...accounts.map(({ id }) => id)];
  const found = kept.find(key);
  const [then, { now, timesThen, compared }] = await atOnce(
    async (side) => found ?? readAsKnown(side, asked, instant),
    async () => ({
      ...(await readNow(tx, asked, found === null ? instant : null)),
      compared: await readCompared(tx, scope, month, instant),
    }),
  );
  const was = found ?? { ...then, times: timesThen };
  kept.keep(key, isFinal, was);
  return { now, was: withCounts(was, countsThen(compared), scope), compared };
}

async function csvOf(shown: ShownMonth, kept: ReportedFigures, block: string): Promise<PageAnswer> {
  const { month, reported } = shown;
  const answer = (lines: Iterable<string>): PageAnswer => ({
    kind: 'csv',
    name: `${month.first.slice(0, 7)}-${block}`,
    lines,
  });
  if (!['report', 'funnel', 'accounts', ...(reported === null ? [] : ['why'])].includes(block))
    return { kind: 'missing', words: 'There is no such table on this page.' };
  const { now, was, compared } = await readBoth(shown, kept);
  if (block === 'why') return answer(whyCsv(restated(compared)));
  if (block === 'accounts') return answer(byAccountCsv(shown, now, was));
  return answer(
    csvLines(figureColumns(shown), block === 'report' ? reportRows(shown, now, was) : funnelRows(shown, now, was)),
  );
}
