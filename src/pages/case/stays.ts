import { businessHours, duration } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import { bar } from '../html/bar.ts';
import { block } from '../html/block.ts';
import { statusColumn, timeColumn } from '../html/columns.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { changed } from '../html/link.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import { type TargetState, targetState } from './entries.ts';
import { type ReviewRow, readReview } from './other-queries.ts';
import type { StayRow } from './queries.ts';
import type { ShownCase } from './shown.ts';

/** More stand in the CSV. */
const MOST_SHOWN = 50;

/** How long the case was in each status, and whether that was within the target. */
export async function staysBlock(shown: ShownCase, stays: readonly StayRow[]): Promise<Html> {
  const { url, known } = shown;
  const list = table({
    caption:
      stays.length > MOST_SHOWN
        ? `The last ${MOST_SHOWN} of ${stays.length} stays, the first one first; the CSV has all`
        : 'Stays in statuses, the first one first',
    isCaptionHidden: stays.length <= MOST_SHOWN,
    columns: stayColumns(shown.clock, stays),
    rows: stays.slice(-MOST_SHOWN),
    csv: changed(url, { format: 'csv', block: 'stays' }),
    empty: 'No event has set a status yet.',
  });
  // Nothing keeps the rules of earlier days, so a review due then cannot be told.
  const review = known.instant === null ? reviewText(await readReview(shown.tx, shown.asked), shown.clock) : null;
  return block({
    id: 'stays',
    heading: 'Stays',
    views: ['status_history', 'status_periods', 'status_targets', 'business_days', 'periodic_reviews'],
    body: html`${list}${review}${known.instant !== null && html`<p class="source">Targets and business hours are those of today's configuration. The next review is shown as known now only.</p>`}`,
  });
}

export function staysCsv(stays: readonly StayRow[], clock: Clock): Iterable<string> {
  return csvLines(stayColumns(clock, stays), stays);
}

function stayColumns(clock: Clock, stays: readonly StayRow[]): Column<StayRow>[] {
  const longest = Math.max(...stays.map(({ hours }) => hours));
  return [
    statusColumn('Status', 'status'),
    timeColumn('Entered', 'entered_at', (at) => dayAndTime(at, clock)),
    {
      heading: 'Ended',
      name: 'ended_at',
      csv: ({ ended_at }) => ended_at,
      cell: ({ ended_at }) => (ended_at === null ? 'not yet' : dayAndTime(ended_at, clock)),
    },
    {
      heading: 'Hours',
      name: 'hours',
      csv: ({ hours }) => hours,
      cell: ({ hours }) => html`<span>${duration(hours)} ${bar(hours, longest)}</span>`,
      isNumber: true,
    },
    {
      heading: 'Business hours',
      name: 'business_hours',
      csv: ({ business_hours }) => business_hours,
      cell: ({ business_hours }) => businessHours(business_hours),
      isNumber: true,
    },
    { heading: 'Target', name: 'target', csv: targetText, cell: targetCell },
  ];
}

const STATE_WORDS: Record<TargetState, string> = {
  met: 'in time',
  breached: 'past its target',
  due_soon: 'due soon',
  running: 'in time so far',
};

function targetText(stay: StayRow): string | null {
  const state = targetState(stay);
  const { target_hours: hours, target_business_hours: business } = stay;
  if (hours === null && business === null) return null;
  const target = business === null ? duration(hours) : businessHours(business);
  return state === null ? target : `${target}: ${STATE_WORDS[state]}`;
}

function targetCell(stay: StayRow): Content {
  const text = targetText(stay) ?? '–';
  const state = targetState(stay);
  if (state === 'breached') return html`<span class="act-word">${text}</span>`;
  return state === 'due_soon' ? html`<span class="look-word">${text}</span>` : text;
}

const REVIEW_WORDS: Record<string, Content> = {
  overdue: html`<span class="act-word">overdue</span>`,
  due_soon: html`<span class="look-word">due soon</span>`,
  current: 'not yet due',
};

function reviewText(review: ReviewRow | null, clock: Clock): Html | null {
  if (review === null) return null;
  const { due_at, every_months, rule, last_reviewed_at, state } = review;
  const reason = rule === 0 ? 'the general interval' : `rule ${rule} of reports.reviews`;
  return html`<p>Review due ${dayAndTime(due_at, clock)} (${REVIEW_WORDS[state] ?? state}): every ${every_months} months by ${reason}, last reviewed ${dayAndTime(last_reviewed_at, clock)}.</p>`;
}
