import { count } from '../model/number-text.ts';
import { dayText } from '../model/time-text.ts';
import { block } from './html/block.ts';
import { chart } from './html/chart.ts';
import type { Html } from './html/html.ts';
import { link } from './html/link.ts';
import { type Column, table } from './html/table.ts';

const NO_BREAK_SPACE = '\u00a0';

/** Open cases at the end of a day, by status or stage. */
export type BacklogDay = { day: string; cases: ReadonlyMap<string, number> };

/** A status or stage of the chart. */
export type Part = {
  name: string;
  words: string;
  /** The address of a day's cases; null = there is no such list. */
  addressOf: (day: string) => string | null;
};

/** One row for each day that has cases. */
export function backlogDays(rows: readonly { day: string; name: string; cases: number }[]): BacklogDay[] {
  return [...Map.groupBy(rows, ({ day }) => day)].map(([day, ofDay]) => ({
    day,
    cases: new Map(ofDay.map(({ name, cases }) => [name, cases])),
  }));
}

/** The day, and a column for each part. */
export function backlogColumns(parts: readonly Part[]): Column<BacklogDay>[] {
  return [
    {
      heading: 'Day',
      name: 'day',
      csv: ({ day }) => day,
      cell: ({ day }) => dayText(day).replaceAll(' ', NO_BREAK_SPACE),
    },
    ...parts.map(
      ({ name, words, addressOf }): Column<BacklogDay> => ({
        heading: words,
        name,
        csv: ({ cases }) => cases.get(name) ?? 0,
        cell: ({ day, cases }) => {
          const shown = count(cases.get(name) ?? 0);
          const address = addressOf(day);
          return address === null ? shown : link(address, shown);
        },
        isNumber: true,
      }),
    ),
  ];
}

type Options = {
  heading: string;
  title: string;
  days: readonly BacklogDay[];
  parts: readonly Part[];
  /** Its address. */
  csv: string;
};

/** Open cases over time, stacked by their parts, with a table. */
export function backlogBlock({ heading, title, days, parts, csv }: Options): Html {
  return block({
    id: 'backlog',
    heading,
    views: ['backlog_daily'],
    body: chart({
      id: 'backlog-chart',
      title,
      kind: 'area',
      isStacked: true,
      labels: days.map(({ day }) => dayText(day)),
      series: parts.map(({ name, words, addressOf }) => ({
        name: words,
        values: days.map(({ cases }) => cases.get(name) ?? 0),
        links: days.map(({ day }) => addressOf(day)),
      })),
      unit: 'cases',
      table: table({
        caption: 'Open cases with a status at the end of each day; today: now',
        columns: backlogColumns(parts),
        rows: days.toReversed(),
        empty: 'No case was open in this time.',
        csv,
      }),
      empty: 'No case was open in this time. The chart begins with the first case that waits for somebody.',
    }),
  });
}
