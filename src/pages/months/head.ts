import { counted } from '../../model/counted.ts';
import { count, duration } from '../../model/number-text.ts';
import { monthText } from '../../model/time-text.ts';
import { type Html, html } from '../html/html.ts';
import { address, changed, link } from '../html/link.ts';
import { dayAndTime } from '../html/time.ts';
import { type KnownAt, knownAtControl } from '../known-at.ts';
import type { Scope } from '../overview/scope.ts';
import { shifted } from './calendar.ts';
import { ALL, type Figures } from './figures.ts';
import { readFirstMonth, readUnreadAccounts } from './queries.ts';
import { countsOf, type FigureRow, reportRows } from './report.ts';
import type { ShownMonth } from './shown.ts';

/** The part above the figures: the month, links to other months, and the time of the report. */
export function headOf(shown: ShownMonth, known: KnownAt): Html {
  const { url, month, isOver, clock, reported, filters } = shown;
  const to = (first: string) =>
    link(
      monthAddress(first, filters.accountId),
      html`${first < month.first && '‹ '}${monthText(first)}${first > month.first && ' ›'}`,
    );
  const control = knownAtControl({
    url,
    clock,
    known,
    label: `${isOver ? 'Reported at' : 'Compare with what was known at'} (${clock.timezone})`,
    moments: html`${url.searchParams.has('known_at') && html`<p>${link(changed(url, { known_at: null }), isOver ? 'As reported when the month ended' : 'Without comparison')}</p>`}`,
    fallback: isOver ? 'what was known when the month ended' : 'what is known now',
  });
  return html`<h1>${monthText(month.first)}${!isOver && ' (not over)'}</h1>
${!isOver && html`<p class="notice look">This month is not over: its figures run to ${dayAndTime(clock.now, clock)}.</p>`}
<nav class="pager" aria-label="Months">${to(shifted(month.first, -1))}${isOver && to(month.next)}${link(address('/months', { account: filters.accountId }), 'All months')}</nav>
${control}
${reported !== null && html`<p>Compared: what was known on ${dayAndTime(reported.at, clock)}, and what is known now.</p>`}
`;
}

/** The address of a month's page, given by any of its days. */
export function monthAddress(day: string, accountId: string | null): string {
  return address(`/months/${day.slice(0, 7)}`, { account: accountId });
}

/** The figures of one glance. */
export async function glance(shown: ShownMonth, now: Figures): Promise<Html> {
  if (Object.values(countsOf(now)).every((cases) => cases === 0))
    return html`<p class="empty">${await nothingText(shown)}</p>
`;
  const rows = new Map(reportRows(shown, now, null).map((row) => [row.name, row]));
  const figure = (row: FigureRow | undefined) =>
    row !== undefined && html`<div><dt>${row.heading}</dt><dd>${linkedCount(row)}</dd></div>`;
  const times = now.times.get(ALL);
  return html`<section class="block unprinted" id="glance" aria-label="As known now">
<dl class="figures">
${['opened', 'decided', 'approved', 'backlog'].map((name) => figure(rows.get(name)))}
<div><dt>Time to decision, half / nine in ten</dt><dd>${duration(times?.p50 ?? null)} / ${duration(times?.p90 ?? null)}</dd></div>
</dl>
</section>
`;
}

function linkedCount({ href, is }: FigureRow): Html {
  return href === null ? html`${count(is)}` : link(href, count(is));
}

async function nothingText({ tx, scope, month }: ShownMonth): Promise<string> {
  const first = await readFirstMonth(tx, scope);
  if (first === null) return 'No case was read yet.';
  return month.first < first
    ? `This month is before the first case: that was opened in ${monthText(first)}.`
    : 'No case was opened or decided in this month, and none was open at its end.';
}

/** Which cases the figures count. */
export function countedText({ accountId, environment }: Scope): string {
  if (accountId !== null) return `Counted: the cases of ${accountId}.`;
  return `Counted: ${environment} accounts. A case in the lists of two accounts counts in each.`;
}

/** Says which accounts had not been read when the figures were reported. */
export async function unreadText({ tx, scope, reported }: ShownMonth): Promise<Html | null> {
  if (reported === null) return null;
  const unread = await readUnreadAccounts(tx, scope, reported.instant);
  if (unread.length === 0) return null;
  const names =
    unread.length > 3 ? `${unread.slice(0, 3).join(', ')} and ${unread.length - 3} more` : unread.join(', ');
  return html`<p class="notice look">cdd-sync first read ${counted(unread.length, 'account')} (${names}) after this report, so nothing was known of ${unread.length === 1 ? 'it' : 'them'} then.</p>`;
}
