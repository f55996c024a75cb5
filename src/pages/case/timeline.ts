import { duration } from '../../model/number-text.ts';
import { block } from '../html/block.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { pager, pagingOf } from '../html/pager.ts';
import { statusText } from '../html/status.ts';
import { type Column, csvLines, table } from '../html/table.ts';
import { dayAndTime } from '../html/time.ts';
import { type Entry, entriesOf, isLate, lagHours, type Route, routesOf } from './entries.ts';
import type { CaseRow, StayRow } from './queries.ts';
import { NOT_KNOWN, type ShownCase } from './shown.ts';
import type { VersionRow } from './timeline-queries.ts';

const PAGE_SIZE = 50;

/** The facts that the cells of a timeline need. */
export type TimelineOf = Pick<ShownCase, 'clock' | 'url'> & { row: Pick<CaseRow, 'first_seen_at'> };

/** The timeline on both time axes. Rows that were not known yet say so in words. */
export function timelineBlock(shown: ShownCase, versions: readonly VersionRow[], stays: readonly StayRow[]): Html {
  const { url } = shown;
  const isOldestFirst = url.searchParams.get('order') === 'oldest';
  const newestFirst = entriesOf(versions);
  const entries = isOldestFirst ? newestFirst.toReversed() : newestFirst;
  const paging = pagingOf(url, entries.length, PAGE_SIZE);
  const list = table({
    caption: isOldestFirst ? 'The oldest first' : 'The newest first',
    columns: timelineColumns(shown, routesOf(stays)),
    rows: entries.slice(paging.first, paging.first + PAGE_SIZE),
    rowClass: ({ isKnown }) => (isKnown ? null : NOT_KNOWN),
    csv: changed(url, { format: 'csv', block: 'timeline' }),
    empty: 'Nothing is known of this case.',
  });
  const order = link(
    changed(url, { order: isOldestFirst ? null : 'oldest', page: null }),
    isOldestFirst ? 'Show the newest first' : 'Show the oldest first',
  );
  return block({
    id: 'timeline',
    heading: 'What happened, and when we learned it',
    views: ['case_timeline', 'status_history'],
    body: html`<p class="actions">${order}</p>${list}${pager(url, paging)}`,
  });
}

/** The rows of the view, and whether each was known at the chosen time. */
export function timelineCsv(versions: readonly VersionRow[]): Iterable<string> {
  return csvLines<VersionRow>(
    [
      ...(
        ['at', 'recorded_at', 'kind', 'title', 'from_value', 'to_value', 'event_id', 'run_id', 'superseded_at'] as const
      ).map((name) => ({ heading: name, name, csv: (row: VersionRow) => row[name] })),
      { heading: 'Known', name: 'is_known', csv: ({ is_known }) => is_known },
    ],
    versions,
  );
}

/** The columns of the timeline: both time axes, the thing in words, and how late it was learned. */
export function timelineColumns(shown: TimelineOf, routes: ReadonlyMap<string, Route>): Column<Entry>[] {
  const { clock } = shown;
  return [
    {
      heading: 'Happened',
      name: 'at',
      csv: ({ main }) => main.at,
      cell: ({ main }) => dayAndTime(main.at, clock),
    },
    {
      heading: 'What',
      name: 'title',
      csv: ({ main }) => main.title,
      cell: (entry) => whatCell(entry, shown, routes),
    },
    {
      heading: 'Learned',
      name: 'recorded_at',
      csv: ({ main }) => main.recorded_at,
      cell: ({ main }) => learnedCell(main, shown),
    },
    {
      heading: 'Later by',
      name: 'lag_hours',
      csv: ({ main }) => lagHours(main),
      cell: ({ main }) => lagCell(main, shown),
      isNumber: true,
    },
  ];
}

function whatCell(
  { main, earlier, later, isKnown }: Entry,
  shown: TimelineOf,
  routes: ReadonlyMap<string, Route>,
): Html {
  const { clock, url } = shown;
  const route = isKnown && main.event_id !== null && main.to_status !== null ? routes.get(main.event_id) : undefined;
  const chain = [...earlier, main];
  const before = earlier.map((version, index) => {
    const until = chain[index + 1]?.recorded_at ?? null;
    return html`<br><span class="source">was believed until ${dayAndTime(until, clock)}: ${believedText(version, main, shown)}</span>`;
  });
  const after = later.map(
    (version) =>
      html`<br><span class="${NOT_KNOWN}">not known yet: ${believedText(version, main, shown)}, learned ${link(changed(url, { known_at: version.moment, page: null }), dayAndTime(version.recorded_at, clock))}</span>`,
  );
  const until =
    main.kind === 'problem' && main.superseded_at !== null && html` (until ${dayAndTime(main.superseded_at, clock)})`;
  return html`<div>${!isKnown && html`<em>not known yet:</em> `}${whatText(main)}${route !== undefined && html` (${route})`}${until}${before}${after}</div>`;
}

/** A belief beside the one that is shown: its time too, if that is another one. */
function believedText(version: VersionRow, main: VersionRow, { clock }: TimelineOf): Content {
  const isSame =
    version.from_status === main.from_status &&
    version.to_status === main.to_status &&
    version.at.getTime() === main.at.getTime();
  if (isSame) return (version.recorded_at > main.recorded_at ? version : main).title;
  const time = version.at.getTime() !== main.at.getTime() && html` at ${dayAndTime(version.at, clock)}`;
  return html`${whatText(version)}${time}`;
}

const HOLDS = ['held', 'released'];

/** The words of a row, without its times. */
function whatText({ kind, title, from_value, to_value, from_status, to_status }: VersionRow): Content {
  if (to_status !== null) {
    const error = title.indexOf('; error: ');
    const change = html`${from_status !== null && html`${statusText(from_status)} → `}<strong>${statusText(to_status)}</strong>`;
    return error === -1 ? change : html`${change}${title.slice(error)}`;
  }
  // The reason of a hold; null = the viewer may not see it.
  if (HOLDS.includes(kind) && to_value !== null) return html`${title}: ${to_value}`;
  if (kind !== 'changed') return title;
  if (from_value === null && to_value === null) return html`${title} (you may not see the values)`;
  return html`${title}: ${from_value ?? '–'} → ${to_value ?? '–'}`;
}

function learnedCell({ moment, recorded_at }: VersionRow, { clock, url }: TimelineOf): Html {
  return link(changed(url, { known_at: moment, page: null }), dayAndTime(recorded_at, clock));
}

function lagCell(version: VersionRow, { row }: TimelineOf): Content {
  const lag = lagHours(version);
  if (lag === null || lag < 0) return '–';
  return html`${lag < 1 / 60 ? '<1 min' : `+${duration(lag)}`}${isLate(version, row.first_seen_at) && html` <span class="look-word">late</span>`}`;
}
