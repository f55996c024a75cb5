import { type CsvValue, csvLine } from '../../model/csv.ts';
import { type Content, type Html, html, nothing } from './html.ts';

/** A column of a table and of its CSV. */
export type Column<Row> = {
  /** For people. */
  heading: string;
  /** For programs: the heading in the CSV, where possible the view's name of the column. */
  name: string;
  csv: (row: Row) => CsvValue;
  /** The table's cell; without it, the CSV's value. */
  cell?: (row: Row) => Content;
  /** Numbers stand at the end, in figures of equal width. */
  isNumber?: boolean;
  /** Sentences: on a phone, they begin below the heading and at the left. */
  isProse?: boolean;
  /** A link of the heading that orders the rows; `direction` is not null if they are ordered by this column now. */
  sort?: { href: string; direction: 'ascending' | 'descending' | null };
};

/** A table and its CSV. */
export type TableOptions<Row> = {
  /** The table's content in a few words; read out before it. */
  caption: Content;
  /** Only screen readers read the caption, because a heading just above says the same. */
  isCaptionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Text in place of a table without rows: which rows will appear, and when. */
  empty: Content;
  /** Address of the same rows as CSV. */
  csv?: string;
  /** A class of the style sheet for a row; null = none. */
  rowClass?: (row: Row) => string | null;
};

/** An accessible table; on a phone, each row is a card. The first column names the row. */
export function table<Row>({ caption, isCaptionHidden, columns, rows, empty, csv, rowClass }: TableOptions<Row>): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  // The roles repeat those of the elements: browsers drop them where the style sheet makes each row a card.
  return html`<div class="wide"><table role="table">
<caption${isCaptionHidden === true && html` class="unseen"`}>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(heading)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row"${classOf(rowClass?.(row))}>${columns.map((column, index) => cell(column, row, index === 0))}</tr>\n`)}</tbody>
</table></div>${csv === undefined ? nothing : csvLink(csv)}`;
}

function classOf(name: string | null | undefined): Html | null {
  return name === null || name === undefined ? null : html` class="${name}"`;
}

/** The link below a table or chart. */
function csvLink(address: string): Html {
  return html`<p class="actions"><a href="${address}" download>CSV</a></p>`;
}

/** The lines of a CSV, its headings first. */
export function* csvLines<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Generator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for (const row of rows) yield csvLine(columns.map(({ csv }) => csv(row)));
}

function heading<Row>({ heading: words, isNumber, sort }: Column<Row>): Html {
  const direction = sort?.direction ?? null;
  return html`<th scope="col" role="columnheader"${isNumber === true && html` class="number"`}${direction !== null && html` aria-sort="${direction}"`}>${
    sort === undefined
      ? words
      : html`<a href="${sort.href}">${words}${direction !== null && html` <span aria-hidden="true">${direction === 'ascending' ? '↑' : '↓'}</span>`}</a>`
  }</th>`;
}

function cell<Row>(column: Column<Row>, row: Row, isFirst: boolean): Html {
  const attributes = html`${column.isNumber === true && html` class="number"`}${column.isProse === true && html` class="prose"`} data-label="${column.heading}"`;
  const content = column.cell === undefined ? shown(column.csv(row)) : column.cell(row);
  return isFirst
    ? html`<th scope="row" role="rowheader"${attributes}>${content}</th>`
    : html`<td role="cell"${attributes}>${content}</td>`;
}

function shown(value: CsvValue): Content {
  if (value === null || value === '') return '–';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
