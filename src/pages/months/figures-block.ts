import { count, difference, duration } from '../../model/number-text.ts';
import { dayAndTimeText } from '../../model/time-text.ts';
import { block } from '../html/block.ts';
import { type Content, type Html, html } from '../html/html.ts';
import { changed, link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import type { FigureRow } from './report.ts';
import type { ShownMonth } from './shown.ts';

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

/** The columns of figures; without a time of the report, only the present ones. */
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
      heading: `As reported on ${dayAndTimeText(reported.at, clock)}`,
      name: 'was',
      csv: (row) => row.was,
      cell: (row) => shownValue(row, row.was),
      isNumber: true,
    },
    is,
    { heading: 'Difference', name: 'difference', csv: differenceOf, cell: differenceCell, isNumber: true },
  ];
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
