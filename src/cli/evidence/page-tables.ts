import { TABLE_WORDS } from '../../ledger/evidence/words.ts';
import type { CsvValue } from '../../model/csv.ts';
import { count } from '../../model/number-text.ts';
import { block } from '../../pages/html/block.ts';
import { type Content, type Html, html } from '../../pages/html/html.ts';
import { link } from '../../pages/html/link.ts';
import { type Column, table } from '../../pages/html/table.ts';
import { type Field, isoTime, type Row } from '../reports/cells.ts';
import type { ReadTable } from './tables.ts';

/** More rows make a page that no browser shows at once; the files have all of them. */
const MOST_SHOWN = 1_000;

/** A table of the evidence under its heading, with links to its files. */
export function tableBlock({ name, fields, rows }: ReadTable): Html | null {
  const words = TABLE_WORDS[name];
  if (words === undefined) return null;
  const kinds = new Map(fields.map((field) => [field.name, field.kind]));
  const files = html`${link(`tables/${name}.csv`, 'CSV')}, ${link(`tables/${name}.json`, 'JSON')}`;
  const isCut = words.shown.length > 0 && rows.length > MOST_SHOWN;
  const number = isCut ? `The first ${count(MOST_SHOWN)} of ${count(rows.length)} rows. ` : '';
  const list = table({
    caption: words.heading,
    isCaptionHidden: true,
    columns: words.shown.map(([column, heading]) => columnOf(column, heading, kinds.get(column))),
    rows: rows.slice(0, MOST_SHOWN),
    empty: words.empty,
  });
  return block({
    id: name,
    heading: words.heading,
    views: [],
    body: html`<p>${words.about}</p>
${(words.shown.length > 0 || rows.length === 0) && list}
<p class="source">${number}All ${count(rows.length)} with all columns: ${files}</p>`,
  });
}

function columnOf(name: string, heading: string, kind: Field['kind'] | undefined): Column<Row> {
  const csv = (row: Row): CsvValue => {
    const value = row[name] ?? null;
    if (value === null) return null;
    if (kind === 'boolean') return value === 'true';
    return kind === 'time' ? timeText(isoTime(value)) : value;
  };
  const cell = CELLS[name];
  return { heading, name, csv, ...(cell !== undefined && { cell }) };
}

/** Cells that are more than their value, by the name of their column. */
const CELLS: Readonly<Record<string, (row: Row) => Content>> = {
  file: ({ file }) => (file === null || file === undefined ? '–' : link(file, file)),
  title: ({ kind, title, from_value, to_value }) => {
    if (kind === 'changed') return html`${title}: ${from_value ?? '–'} → ${to_value ?? '–'}`;
    return kind === 'erased' && to_value !== null ? html`${title}: ${to_value}` : title;
  },
};

/** `2026-11-03 14:05:09` of a time in ISO 8601. The microseconds stand in the files. */
export function timeText(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}
