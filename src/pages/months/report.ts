import { block } from '../html/block.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { count, difference, duration } from '../html/number.ts';
import { type Column, table } from '../html/table.ts';
import { dayAndTime, dayText } from '../html/time.ts';
import { countAddress, funnelAddress, listAddress } from './cases-behind.ts';
import { ALL, COUNT_NAMES, type Counts, type Figures, FUNNEL, NO_COUNTS } from './queries.ts';
import type { ShownMonth } from './shown.ts';

/** A figure of the month by two knowledges; hours if it is a duration. */
export type FigureRow = {
  name: string;
  heading: string;
  unit: 'cases' | 'changes' | 'hours';
  /** Null = nothing was reported. */
  was: number | null;
  is: number | null;
  /** The cases behind the present figure; null = no list has them. */
  href: string | null;
  /** Whether restatements names the cases behind the difference. */
  isExplained: boolean;
};

const COUNTS: readonly [name: keyof Counts, heading: string, unit: FigureRow['unit']][] = [
  ['opened', 'Opened', 'cases'],
  ['decided', 'Decided', 'cases'],
  ['approved', 'Approved', 'cases'],
  ['declined', 'Declined', 'cases'],
  ['reopened', 'Reopened', 'changes'],
];

const FUNNEL_HEADINGS: Record<(typeof FUNNEL)[number], string> = {
  opened: 'Opened in the month',
  reached_declaration: 'Reached the declaration',
  reached_signature: 'Reached the signature',
  reached_review: 'Reached the review',
  decided: 'Decided',
  approved: 'Approved',
  declined: 'Declined',
  still_open: 'Still open',
};

/** The counts of one account, or of all that are counted. */
export function countsOf({ counts }: Figures): Counts {
  const total = { ...NO_COUNTS };
  for (const found of counts.values()) {
    for (const name of COUNT_NAMES) total[name] += found[name];
  }
  return total;
}

/** The rows of the report; `was` = null before anything was reported. */
export function reportRows(shown: ShownMonth, now: Figures, was: Figures | null): FigureRow[] {
  const { month, isOver } = shown;
  const is = countsOf(now);
  const then = was === null ? null : countsOf(was);
  const timesNow = now.times.get(ALL);
  const timesThen = was?.times.get(ALL);
  const rows: FigureRow[] = COUNTS.map(([name, heading, unit]) => ({
    name,
    heading,
    unit,
    was: then === null ? null : then[name],
    is: is[name],
    href: countAddress(name, shown),
    isExplained: true,
  }));
  const times = (name: 'p50' | 'p90', heading: string): FigureRow => ({
    name: `${name}_hours`,
    heading,
    unit: 'hours',
    was: timesThen?.[name] ?? null,
    is: timesNow?.[name] ?? null,
    href: null,
    isExplained: false,
  });
  rows.push(times('p50', 'Time to decision, half within'), times('p90', 'Time to decision, nine in ten within'));
  rows.push({
    name: 'backlog',
    heading: isOver ? `Open at the end of ${dayText(month.last)}` : 'Open now',
    unit: 'cases',
    was: then === null ? null : then.backlog,
    is: is.backlog,
    href: isOver ? null : listAddress(shown, { state: 'open', in_backlog: 'yes' }),
    isExplained: false,
  });
  return rows;
}

export function funnelRows(shown: ShownMonth, now: Figures, was: Figures | null): FigureRow[] {
  const is = countsOf(now);
  const then = was === null ? null : countsOf(was);
  return FUNNEL.map((name) => ({
    name,
    heading: FUNNEL_HEADINGS[name],
    unit: 'cases',
    was: then === null ? null : then[`funnel_${name}`],
    is: is[`funnel_${name}`],
    href: funnelAddress(name, shown),
    isExplained: false,
  }));
}

type BlockOptions = {
  id: string;
  heading: string;
  views: readonly string[];
  rows: readonly FigureRow[];
  note?: Content;
};

/** Figures as reported, as known now, and their differences. */
export function figuresBlock(shown: ShownMonth, { id, heading, views, rows, note }: BlockOptions): Html {
  const list = table({
    caption: heading,
    isCaptionHidden: true,
    columns: figureColumns(shown),
    rows,
    csv: changed(shown.url, { format: 'csv', block: id }),
    empty: '',
  });
  return block({ id, heading, views, body: html`${list}${note}` });
}

export function figureColumns({ reported, clock, isOver }: ShownMonth): Column<FigureRow>[] {
  const figure: Column<FigureRow> = {
    heading: 'Figure',
    name: 'figure',
    csv: ({ name }) => name,
    cell: ({ heading }) => heading,
  };
  const is: Column<FigureRow> = {
    heading: isOver ? 'As known now' : 'Until now',
    name: 'is',
    csv: (row) => row.is,
    cell: (row) => (row.href === null ? shownValue(row, row.is) : link(row.href, shownValue(row, row.is))),
    isNumber: true,
  };
  if (reported === null) return [figure, is];
  return [
    figure,
    {
      heading: `As reported on ${plainTime(reported.at, clock)}`,
      name: 'was',
      csv: (row) => row.was,
      cell: (row) => shownValue(row, row.was),
      isNumber: true,
    },
    is,
    { heading: 'Difference', name: 'difference', csv: differenceOf, cell: differenceCell, isNumber: true },
  ];
}

/** The time of `dayAndTime` as plain text, for a heading. */
function plainTime(...[at, clock]: Parameters<typeof dayAndTime>): string {
  return dayAndTime(at, clock).text.replace(/<[^>]*>/g, '');
}

function shownValue({ unit }: FigureRow, value: number | null): string {
  return unit === 'hours' ? duration(value) : count(value);
}

function differenceOf({ was, is }: FigureRow): number | null {
  return was === null || is === null ? null : is - was;
}

function differenceCell(row: FigureRow): Content {
  const value = differenceOf(row);
  if (value === null || value === 0) return '–';
  if (row.unit !== 'hours') {
    const words = `${difference(value)} ${Math.abs(value) === 1 ? row.unit.slice(0, -1) : row.unit}`;
    return row.isExplained ? link('#why', words) : words;
  }
  const hours = duration(Math.abs(value));
  return hours === '0 min' ? '–' : `${value > 0 ? '+' : '−'}${hours}`;
}
